/** What concurrent clients are to do: the operations of each, one after another. */
import { shortened } from '../properties/operation-text.ts'
import { showValue, type Value } from '../properties/value.ts'

export interface ClientCall {
  readonly f: string
  readonly input: Value
  /** The object, in programs about several. */
  readonly key?: Value
}

/** Prints as `client 0: write 1, read; client 1: read`. */
export class Program {
  readonly clients: readonly (readonly ClientCall[])[]

  constructor(clients: readonly (readonly ClientCall[])[]) {
    this.clients = clients
  }

  toString(): string {
    return this.clients.map((calls, client) => `client ${client}: ${calls.map(callText).join(', ')}`).join('; ')
  }
}

/** `write 1`, `x: read` */
export function callText({ f, input, key }: ClientCall): string {
  const argument = input === null ? '' : ` ${shortened(showValue(input), 30)}`
  return `${key === undefined ? '' : `${shortened(showValue(key), 20)}: `}${f}${argument}`
}

/** An operation of a program that is being made smaller. */
interface Ranked {
  /** Position of its command among the commands; the first are the simplest. */
  readonly rank: number
}

/**
 * Programs that are one move smaller, those with fewer operations first. Each move lowers the number of operations, else the
 * number that other clients than the first have, else brings simpler operations forward: so that a program has one smallest
 * form, whichever of its clients did what when it was found.
 */
export function* smaller<T extends Ranked>(clients: readonly (readonly T[])[]): Generator<readonly (readonly T[])[], void, undefined> {
  if (clients.length > 1) for (const i of clients.keys()) yield clients.toSpliced(i, 1)
  for (const [i, j] of places(clients)) yield without(clients, i, j)
  const inOrder = clients.toSorted((a, b) => b.length - a.length || compareRanks(a, b))
  if (inOrder.some((calls, i) => calls !== clients[i])) yield inOrder
  for (const [i, j, moved] of places(clients)) {
    const rest = without(clients, i, j, true)
    for (const [to, calls] of rest.slice(0, i).entries())
      for (let at = calls.length; at >= 0; at--) yield withoutIdle(rest.with(to, calls.toSpliced(at, 0, moved)))
  }
  for (const [i, j, first] of places(clients))
    for (const [k, l, second] of places(clients))
      if ((k > i || (k === i && l > j)) && second.rank < first.rank) yield replaced(replaced(clients, i, j, second), k, l, first)
}

/** Which of two clients with as many operations has the simpler ones first. */
function compareRanks(a: readonly Ranked[], b: readonly Ranked[]): number {
  const at = a.findIndex(({ rank }, i) => rank !== b[i]?.rank)
  return at < 0 ? 0 : (a[at]?.rank ?? 0) - (b[at]?.rank ?? 0)
}

/** The program with another operation in one place. */
export function replaced<T>(clients: readonly (readonly T[])[], client: number, at: number, call: T): readonly (readonly T[])[] {
  return clients.map((calls, i) => (i === client ? calls.with(at, call) : calls))
}

function* places<T>(clients: readonly (readonly T[])[]): Generator<readonly [number, number, T], void, undefined> {
  for (const [i, calls] of clients.entries()) for (const [j, call] of calls.entries()) yield [i, j, call]
}

function without<T>(clients: readonly (readonly T[])[], client: number, at: number, keepIdle = false): readonly (readonly T[])[] {
  const rest = clients.map((calls, i) => (i === client ? calls.toSpliced(at, 1) : calls))
  return keepIdle ? rest : withoutIdle(rest)
}

function withoutIdle<T>(clients: readonly (readonly T[])[]): readonly (readonly T[])[] {
  return clients.filter((calls) => calls.length > 0)
}
