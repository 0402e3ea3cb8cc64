import { invariant } from '../../errors.ts'
import type { Value } from '../../value.ts'
import type { Step, Transaction, TransactionStatus } from '../table/transaction.ts'

/**
 * Transactions as tests write them down, one a line: `s1 aborted 3-7: a x 1, r x [1 2], w y 3, r y nil, r y ?`. Before the colon, all
 * optional: the session, how it ended (committed by default), and its beginning and end (`3-`: nobody saw it end).
 */
export function written(text: string): Transaction[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map(transactionIn)
}

function transactionIn(line: string): Transaction {
  const [head, body] = line.split(':')
  invariant(head !== undefined && body !== undefined, `${line} has a colon`)
  const words = head.split(' ')
  const times = words.map((word) => /^(\d+)-(\d*)$/.exec(word)).find((match) => match !== null)
  return {
    process: words.find((word) => /^s\d+$/.test(word)) ?? null,
    status: words.find((word): word is TransactionStatus => /^(aborted|unknown)$/.test(word)) ?? 'committed',
    steps: body.split(',').map((step) => stepIn(step.trim())),
    began: times ? Number(times[1]) : null,
    ended: times?.[2] ? Number(times[2]) : null,
  }
}

function stepIn(text: string): Step {
  const match = /^([raw]) (\S+) (.+)$/.exec(text)
  invariant(match, `${text} is a step`)
  const [, f, key = '', value = ''] = match
  if (f === 'r') return { f: 'read', key, value: value === '?' ? undefined : valueIn(value) }
  return { f: f === 'a' ? 'append' : 'write', key, value: valueIn(value) }
}

function valueIn(text: string): Value {
  if (text === 'nil') return null
  return JSON.parse(text.replaceAll(' ', ',')) as Value
}
