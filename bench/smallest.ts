/**
 * `npm run bench:smallest`: whether smaller constants than those that it brings show a known bug, too. Names of models, or of bugs as in
 * `raft/commit-on-half`, look only at those, and keep what the page tells of the others. The page is written after each.
 */
import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Model } from '../checker/index.ts'
import { models } from '../models/index.ts'
import { type Change, type Smaller, smallerConstants } from '../models/testing/smaller-constants.ts'
import { writeWhole } from '../traces/index.ts'

/** Of each search for a bug. */
const limits = { maxStates: 20_000_000, timeMs: 600_000 }

const asked = process.argv.slice(2)
const file = resolve(import.meta.dirname, '../docs/models/smallest.md')
const all = models.flatMap((model) => Object.keys(model.bugs).map((bug) => ({ model, bug })))
const rows = existsSync(file) ? readFileSync(file, 'utf8').split('\n') : []
writeWhole(file, page())
for (const { model, bug } of all) {
  if (asked.length > 0 && !asked.includes(model.name) && !asked.includes(`${model.name}/${bug}`)) continue
  process.stderr.write(`${model.name}, ${bug} ...\n`)
  rows.unshift(rowOf(model, bug, smallerConstants(model, bug, limits)))
  writeWhole(file, page())
}

/** What has been found last at the constants that the bug brings. */
function latest(model: Model, bug: string): string {
  const row = rows.find((line) => line.startsWith(beginning(model, bug)))
  return row ?? `${beginning(model, bug)}- | - | not looked at yet |`
}

function rowOf(model: Model, bug: string, smaller: Smaller): string {
  return `${beginning(model, bug)}${smaller.distinct.toLocaleString('en')} | ${listed(smaller.tried)} | ${outcome(smaller)} |`
}

/** Names the bug, and the constants that it brings. */
function beginning(model: Model, bug: string): string {
  const brought = Object.entries(model.bugs[bug]?.constants ?? {}).map(([constant, value]) => ({ constant, value }))
  return `| [${model.name}](${model.name}.md) | [${bug}](${model.name}.md#${bug}) | ${listed(brought)} | `
}

function outcome({ tried, found, undecided }: Smaller): string {
  if (found.length > 0) return `shows with ${listed(found)}`
  if (undecided.length > 0) return `undecided at ${listed(undecided)}`
  return tried.length > 0 ? 'no smaller constants show it' : 'there are none smaller'
}

function listed(changes: readonly Change[]): string {
  return changes.length === 0 ? '-' : changes.map(({ constant, value }) => `\`${constant}=${value}\``).join(', ')
}

function page(): string {
  return `${[
    '# The smallest constants of each known bug',
    '',
    'This page is written by `npm run bench:smallest`.',
    '',
    'Each known bug is looked for at constants smaller than those that it brings, one of them changed at a time: a number to each lower value, a',
    'flag to its other value, and a choice of what clients do (`clients`, `workload`) to each other one. The other choices say which protocol is',
    'checked and what is asked of it; none is smaller than another. The corrected model has to hold there, and must not have more states: for',
    'some numbers, 0 stands for "without a bound". With a flag or a choice changed, which have no order of their own, it must have fewer. A',
    'number that the bug leaves at its default, and that makes no difference to the corrected model, is left alone.',
    'Searches are breadth-first and exhaustive, for the property that the bug violates.',
    '',
    `A search ends undecided after ${limits.maxStates.toLocaleString('en')} states, or ${limits.timeMs / 60_000} minutes. \`models/smallest.test.ts\` does all this anew: with each test`,
    'run where the corrected model has at most 2,000 states, and for all bugs with `npm run catalogue`.',
    '',
    '| model | bug | constants | states of the corrected model | smaller ones | outcome |',
    '|---|---|---|---|---|---|',
    ...all.map(({ model, bug }) => latest(model, bug)),
  ].join('\n')}\n`
}
