/** Operations as people write them, for pictures and for the sentences of the oracles: `write 1`, `read → 1`, `cas [1 2] → fail`. */
import type { Operation } from './operation.ts'
import { equal, showValue, type Value } from './value.ts'

/**
 * An operation on one line: its key if it has one, its name, its argument, and what came of it. A result that says nothing, such
 * as the echo of a write, is left out; `?` is a result that nobody knows. Control characters are escaped.
 * @param width characters at most; long values are shortened in their middle
 */
export function operationText(operation: Operation, width = 60): string {
  const { key, f } = operation
  const name = `${key === undefined ? '' : `${shown(key)}: `}${printable(f)}`
  const input = inputText(operation)
  const output = outputText(operation)
  const compose = (shownInput: string, shownOutput: string): string =>
    `${name}${shownInput === '' ? '' : ` ${shownInput}`}${shownOutput === '' ? '' : ` → ${shownOutput}`}`
  const room = width - length(compose(input, output)) + length(input) + length(output)
  const [forInput, forOutput] = shares(length(input), length(output), room)
  const text = compose(shortened(input, forInput), shortened(output, forOutput))
  return length(text) <= width ? text : shortened(compose(input, output), width)
}

/** A noun phrase for sentences: `read → 1 by process 3`, `write 1 on key x by process 2`. */
export function operationName(operation: Operation, width?: number): string {
  const { key, process } = operation
  const where = key === undefined ? '' : ` on key ${shortened(shown(key), 30)}`
  return `${operationText({ ...operation, key: undefined }, width)}${where} by ${processName(process)}`
}

/** `process 3`, whatever a client calls itself. */
export function processName(process: Operation['process']): string {
  return `process ${shortened(typeof process === 'string' ? printable(process) : String(process), 30)}`
}

/** A text of at most so many characters: what is too much is taken out of its middle, where two long values differ least often. */
export function shortened(text: string, width: number): string {
  const characters = Array.from(text)
  if (characters.length <= width) return text
  const kept = Math.max(0, width - 1)
  const tail = Math.floor(kept / 2)
  return `${characters.slice(0, kept - tail).join('')}…${characters.slice(characters.length - tail).join('')}`
}

/** Operations that answer only that they are done. */
const acknowledged = new Set(
  'write put set append add insert enqueue enq push offer send acquire release lock unlock remove delete clear increment inc'.split(' '),
)
/** Operations that take something out, and answer null where there is nothing. */
const removals = new Set(
  'dequeue deq pop poll peek top front take receive removeMin remove-min deleteMin delete-min extractMin extract-min'.split(' '),
)
const compareAndSets = new Set(['cas', 'compareAndSet', 'compare-and-set', 'compareAndSwap', 'compare-and-swap'])
const reads = new Set(['read', 'get', 'r'])
/** Those whose argument is worth seeing even where it is null. */
const writes = new Set(['write', 'w', 'put', 'set'])

function inputText({ f, input, output }: Operation): string {
  if (input === null) return writes.has(f) ? 'null' : ''
  // Some recorders put what a read returned into its invocation as well.
  if (reads.has(f) && output !== undefined && equal(input, output)) return ''
  return shown(input)
}

function outputText({ f, input, output, completion }: Operation): string {
  if (completion === 'fail') return 'fail'
  const echoes = output !== undefined && input !== null && equal(input, output)
  if (acknowledged.has(f) || f === 'w') return output === undefined || output === null || output === 'ok' || echoes ? '' : shown(output)
  if (output === undefined) return '?'
  if (compareAndSets.has(f)) return output === null || echoes ? 'ok' : shown(output)
  if (removals.has(f) && output === null && input === null) return 'empty'
  // A list or a record that comes back as it went is an echo; a number may be an answer.
  return echoes && typeof input === 'object' && !reads.has(f) ? '' : shown(output)
}

/** How many characters each of two texts gets of a room: the shorter one what it needs, up to a half or more. */
function shares(first: number, second: number, room: number): [number, number] {
  if (first + second <= room) return [first, second]
  const half = Math.floor(room / 2)
  const [a, b] = first <= half ? [first, room - first] : second <= half ? [room - second, second] : [room - half, half]
  return [Math.max(valueMin, a), Math.max(valueMin, b)]
}

/** `a…z` */
const valueMin = 3

function shown(value: Value): string {
  return printable(showValue(value, Number.POSITIVE_INFINITY))
}

function length(text: string): number {
  return Array.from(text).length
}

/** Control, direction and invisible characters escaped: a value must not drive the reader's terminal. */
function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`)
}
