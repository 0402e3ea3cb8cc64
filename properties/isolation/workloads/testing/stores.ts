/** A bank, a counter, a set and keys to fork, as right stores, and the bugs that can be planted in them. */
import type { Value } from '../../../value.ts'
import type { Moment, Store } from './store.ts'

type Balances = Readonly<Record<string, number>>
type Transfer = { readonly from: string; readonly to: string; readonly amount: number }

const accounts = ['a', 'b', 'c'] as const
const balance = 2 ** 40

/** What all accounts hold together. */
export const bankTotal: number = accounts.length * balance

/** Every transfer has an amount of its own, a power of two. Reads may be of any state so far, as under snapshot isolation. */
export const bankStore: Store<Balances> = {
  initial: Object.fromEntries(accounts.map((account) => [account, balance])),
  command: (count, choice) => {
    if (count === 0 || choice % 2 === 0) return { f: 'read', input: null, isRead: true }
    const from = choice % 3
    const input = { from: accounts[from] as string, to: accounts[(from + 1 + (count % 2)) % 3] as string, amount: 2 ** count }
    return { f: 'transfer', input, isRead: false }
  },
  update: (states, input) => moved(latest(states), input, 1, 1),
  read: (states, _, { choice }) => states[states.length - 1 - (choice % Math.min(3, states.length))] as Balances,
  bugs: {
    'lost credit': { update: (states, input) => moved(latest(states), input, 1, 0) },
    'lost debit': { update: (states, input) => moved(latest(states), input, 0, 1) },
    'doubled credit': { update: (states, input) => moved(latest(states), input, 1, 2) },
    'lost update': {
      update: (states, input, { called }) => {
        const { from, to } = input as Transfer
        const { [from]: debited, [to]: credited } = moved(states[called] as Balances, input, 1, 1)
        return { ...latest(states), [from]: debited as number, [to]: credited as number }
      },
    },
    'read skew': { read: (states, _, { called }) => ({ ...latest(states), a: (states[called] as Balances)['a'] as number }) },
  },
}

export const counterStore: Store<number> = {
  initial: 0,
  command: (_, choice) =>
    choice % 3 === 0
      ? { f: 'read', input: null, isRead: true }
      : { f: 'add', input: choice % 4 === 0 ? -2 : 1 + (choice % 5), isRead: false },
  update: (states, input) => latest(states) + (input as number),
  read: latest,
  bugs: {
    'lost add': { update: latest },
    'doubled add': { update: (states, input) => latest(states) + 2 * (input as number) },
    'failed add': { failed: true },
    'stale read': { read: (states) => states[Math.floor(states.length / 2)] as number },
  },
}

/** Every element is added once. */
export const setStore: Store<readonly Value[]> = {
  initial: [],
  command: (count, choice) => (choice % 3 === 0 ? { f: 'read', input: null, isRead: true } : { f: 'add', input: count, isRead: false }),
  update: (states, input) => [...latest(states), input],
  read: latest,
  bugs: {
    'lost add': { update: latest },
    'doubled add': { update: (states, input) => [...latest(states), input, input] },
    'failed add': { failed: true },
    'stale read': { read: (states, _, { called }) => states[called >> 1] as readonly Value[] },
    'read of what nobody added': { read: (states) => [...latest(states), -1] },
  },
}

const keys = [0, 1, 2, 3]

/** The keys that are written, in the order of the writes; each is written once. Reads may be of any state so far. */
export const forkStore: Store<readonly number[]> = {
  initial: [],
  command: (count, choice) =>
    count < 2 * keys.length && count % 2 === 0
      ? { f: 'txn', input: [['w', count / 2, 1]], isRead: false }
      : { f: 'txn', input: (choice % 4 === 0 ? keys.slice(0, 2) : keys).map((key) => ['r', key, null]), isRead: true },
  update: (states, input) => [...latest(states), writtenKey(input)],
  read: (states, input, { choice }) => view(states[states.length - 1 - (choice % Math.min(3, states.length))] as readonly number[], input),
  bugs: {
    // As if the last two writes had come the other way round.
    'long fork': { read: (states, input) => view(latest(states).toSpliced(-2, 1), input) },
    'failed write': { failed: true },
    'torn read': {
      read: (states, input, { called }: Moment) =>
        view(
          latest(states).filter((key) => key % 2 === 0 || (states[called >> 1] as readonly number[]).includes(key)),
          input,
        ),
    },
  },
}

function latest<State>(states: readonly State[]): State {
  return states.at(-1) as State
}

function moved(balances: Balances, input: Value, debits: number, credits: number): Balances {
  const { from, to, amount } = input as Transfer
  return { ...balances, [from]: (balances[from] as number) - debits * amount, [to]: (balances[to] as number) + credits * amount }
}

function writtenKey(input: Value): number {
  return (input as [[string, number, number]])[0][1]
}

function view(written: readonly number[], input: Value): Value {
  return (input as [string, number, null][]).map(([f, key]) => [f, key, written.includes(key) ? 1 : null])
}
