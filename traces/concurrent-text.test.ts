import { expect, it } from 'vitest'
import { stepsText } from './concurrent-text.ts'
import { textWidth } from './text.ts'

it('steps stand in the columns of their clients, and in one of its own what nobody has asked for', () => {
  const steps = [
    { client: 0, text: 'read' },
    { client: 1, text: 'store.write(\u001b[31m)' },
    { client: -1, text: 'tick' },
  ]
  expect(stepsText(steps, 2)).toBe(
    [
      'client 0  client 1                 background',
      'read',
      '          store.write(\\u{1b}[31m)',
      '                                   tick',
      '',
    ].join('\n'),
  )
})

it('no line is wider than a terminal', () => {
  const steps = [0, 1, 2].map((client) => ({ client, text: `write(${'x'.repeat(90)})` }))
  for (const line of stepsText(steps, 3).split('\n')) expect(textWidth(line)).toBeLessThanOrEqual(80)
})
