/** A trace as a sequence diagram in Mermaid, for places that draw Markdown. */
import { literal } from './literal.ts'
import { type Replay, stepText } from './replay.ts'
import { type Message, tellStory } from './story.ts'

/** Messages are drawn where they arrive; what an action is stands over who takes it. */
export function traceMermaid(replayed: Replay): string {
  const { nodes, parties, steps, inFlight } = tellStory(replayed)
  const { loop } = replayed.trace
  const [first, last] = [nodes[0], nodes.at(-1)]
  const over = (lane: number | null): string =>
    lane !== null && nodes.includes(lane) ? `n${lane}` : first === last ? `n${first ?? 0}` : `n${first},n${last}`
  const arrow = ({ from, to, content }: Message, line: string, suffix = ''): string =>
    `n${from ?? to}${line}n${to}: ${escaped(`${literal(content, 80)}${suffix}`)}`
  const told = steps.flatMap(({ transition, lane, arrived, lost, called }, i) => [
    ...(loop === i ? ['loop for ever'] : []),
    ...arrived.map((message) => arrow(message, '->>')),
    ...lost.map((message) => arrow(message, '-x', ' (lost)')),
    `Note over ${over(lane)}: ${escaped(`${i + 1} ${stepText(transition)}`)}`,
    ...called.map((call) => (call.content === null ? `n${call.from}->>n${call.to}: ${escaped(transition.action)}` : arrow(call, '->>'))),
  ])
  const end = loop === undefined ? [] : loop === steps.length ? [`Note over ${over(null)}: and then nothing, for ever`] : ['end']
  return `${[
    'sequenceDiagram',
    ...(nodes.length === 0
      ? ['participant n0 as environment']
      : nodes.map((node) => `participant n${node} as ${escaped(parties.nameOf(node))}`)),
    ...told,
    ...end,
    ...inFlight.map((message) => arrow(message, '--)', ' (on its way)')),
  ].join('\n  ')}\n`
}

/** What Mermaid would take for its own: the ends of statements, entities and markup. */
function escaped(text: string): string {
  return text.replace(/[#;<>%"\r\n]/g, (sign) => `#${sign.codePointAt(0)};`)
}
