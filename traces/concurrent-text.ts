/** Shows the steps of concurrent clients: one column for each, time running down. */
import type { RunStep } from './concurrent-run.ts'
import { clip, textWidth, visible } from './text.ts'

/** Columns of the terminal that the picture takes at most. */
const width = 80
/** Between two columns. */
const gap = 2

/** A table, one step a line, with the clients as its columns. */
export function stepsText(steps: readonly RunStep[], clients: number): string {
  const texts = steps.map(({ client, text }) => ({ client, text: visible(text) }))
  // Work that no client has asked for has a column of its own, behind those of the clients.
  const columns = clients + (steps.some(({ client }) => client < 0) ? 1 : 0)
  const room = Math.floor((width + gap) / columns) - gap
  const titles = Array.from({ length: columns }, (_, i) => (i < clients ? `client ${i}` : 'background'))
  const widths = titles.map((title, i) => {
    const widest = texts.filter(({ client }) => column(client) === i).map(({ text }) => textWidth(text))
    return Math.min(room, Math.max(textWidth(title), ...widest))
  })
  const starts = widths.map((_, i) => widths.slice(0, i).reduce((sum, taken) => sum + taken + gap, 0))
  const heading = titles.reduce((line, title, i) => `${line.padEnd(starts[i] ?? 0)}${title}`, '')
  const lines = texts.map(({ client, text }) => {
    const i = column(client)
    return `${' '.repeat(starts[i] ?? 0)}${clip(text, widths[i] ?? room)}`
  })
  return [heading, ...lines].map((line) => `${line}\n`).join('')

  function column(client: number): number {
    return client < 0 ? clients : client
  }
}
