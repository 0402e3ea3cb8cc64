/**
 * Chains that have every transaction that happened in one place, each after those before it in the order of causes (or of time), so that
 * all causes of a transaction can be told by how far each chain is among them. The fewer chains, the better.
 */
import { invariant } from '../../errors.ts'
import { type Facts, initialSlot } from '../facts.ts'
import { byPosition } from './saturate-positions.ts'

export interface Chains {
  readonly count: number
  /** Of each transaction: its chain, or -1, and its position there. */
  readonly chain: Int32Array
  readonly position: Int32Array
  /** `count + 1` bounds of the members of each chain. */
  readonly from: Int32Array
  /** All that happened, by chains, in order of their positions. */
  readonly members: Int32Array
}

/**
 * Sessions, one going on in another where its first transaction reads from the other's last; without sessions likewise.
 * @param order transactions (and other nodes) in a topological order of the causes
 */
export function chainsOfSessions(facts: Facts, order: Int32Array): Chains {
  const { table, happened, writer, readsFrom, readSlot } = facts
  const { session } = table
  const chain = new Int32Array(table.count).fill(-1)
  const chainOfSession = new Int32Array(table.sessions.length).fill(-1)
  const lastOfSession = new Int32Array(table.sessions.length)
  for (let t = 0; t < table.count; t++) if (happened[t] === 1 && session[t] !== -1) lastOfSession[session[t] as number] = t
  /** Of each transaction: 1 where another can follow it in its chain. */
  const isOpen = new Uint8Array(table.count)
  let count = 0
  for (const t of order) {
    if (t >= table.count || happened[t] === 0) continue
    const own = session[t] as number
    if (own !== -1 && chainOfSession[own] !== -1) chain[t] = chainOfSession[own] as number
    for (let read = readsFrom[t] as number; chain[t] === -1 && read < (readsFrom[t + 1] as number); read++) {
      const from = readSlot[read] === initialSlot ? t : (writer[readSlot[read] as number] as number)
      if (isOpen[from] === 0) continue
      isOpen[from] = 0
      chain[t] = chain[from] as number
    }
    if (chain[t] === -1) chain[t] = count++
    if (own !== -1) chainOfSession[own] = chain[t] as number
    isOpen[t] = own === -1 || lastOfSession[own] === t ? 1 : 0
  }
  return numbered(chain, count, order)
}

/** As few chains as can be where each transaction of a chain ends before the next begins: as many as were ever open at once. */
export function chainsOfTime(facts: Facts): Chains {
  const { table, happened } = facts
  const { count: transactions, began, ended } = table
  const chain = new Int32Array(transactions).fill(-1)
  const order = byPosition(facts, began)
  const ends = byPosition(facts, ended)
  const isTimed = happened.every((one, t) => one === 0 || (began[t] as number) >= 0)
  invariant(isTimed, 'a history with times says where each transaction began')
  const free: number[] = []
  let done = 0
  let count = 0
  for (const t of order) {
    while (done < ends.length && (ended[ends[done] as number] as number) < (began[t] as number))
      free.push(chain[ends[done++] as number] as number)
    chain[t] = free.pop() ?? count++
  }
  return numbered(chain, count, order)
}

function numbered(chain: Int32Array, count: number, order: Int32Array): Chains {
  const position = new Int32Array(chain.length)
  const from = new Int32Array(count + 1)
  for (const t of order) {
    if (t >= chain.length || chain[t] === -1) continue
    const bound = (chain[t] as number) + 1
    position[t] = from[bound] as number
    from[bound] = (from[bound] as number) + 1
  }
  for (let c = 0; c < count; c++) from[c + 1] = (from[c] as number) + (from[c + 1] as number)
  const members = new Int32Array(from[count] as number)
  for (let t = 0; t < chain.length; t++) if (chain[t] !== -1) members[(from[chain[t] as number] as number) + (position[t] as number)] = t
  return { count, chain, position, from, members }
}
