/**
 * Sets that only grow, and broadcast, which is one: once the network has healed and everything has arrived, every node knows of every
 * element whose addition was acknowledged, and no node ever knew of one that nobody added.
 */
import { type HistoryEvent, judgeSet, type Value, type WorkloadDecision } from '../../../properties/index.ts'
import { showWorkload } from '../../histories/show-workload.ts'
import {
  acknowledged,
  BadAnswer,
  field,
  type Judged,
  judgedBy,
  type Observed,
  type Operation,
  type Random,
  type Workload,
} from './workload.ts'

export const broadcast: Workload = {
  name: 'broadcast',
  about: 'a value that one node was told is known to all of them in the end',
  operations: addsAndReads,
  request: ({ f, value }) => (f === 'add' ? { type: 'broadcast', message: value } : { type: 'read' }),
  answer: ({ f }, reply) => (f === 'add' ? acknowledged(reply, 'broadcast_ok') : elements(field(reply, 'messages', 'read_ok'))),
  setup: (_, nodes) => ({
    type: 'topology',
    topology: Object.fromEntries(nodes.map((node) => [node, nodes.filter((one) => one !== node)])),
  }),
  final: [{ f: 'read', value: null }],
  judge: judgeSets,
}

export const growOnlySet: Workload = {
  name: 'g-set',
  about: 'a set to which elements are added, and that is the same on all nodes in the end',
  operations: addsAndReads,
  request: ({ f, value }) => (f === 'add' ? { type: 'add', element: value } : { type: 'read' }),
  answer: ({ f }, reply) => (f === 'add' ? acknowledged(reply, 'add_ok') : elements(field(reply, 'value', 'read_ok'))),
  final: [{ f: 'read', value: null }],
  judge: judgeSets,
}

function addsAndReads(random: Random, count: number): readonly Operation[] {
  return Array.from({ length: count }, (_, i) => (i === 0 || random(3) > 0 ? { f: 'add', value: i } : { f: 'read', value: null }))
}

function elements(value: Value): Value {
  if (Array.isArray(value)) return value
  throw new BadAnswer(`expected the list of all elements, found ${JSON.stringify(value)}`)
}

/** Each node by its last read, and then the whole history for what was never added. */
function judgeSets({ history, nodeOf, finalFrom }: Observed): Judged {
  const nodes = [...new Set(nodeOf.values())]
  const ofNode = (node: string): readonly HistoryEvent<Value>[] =>
    history.filter(({ f, process, index }) => f === 'add' || (index >= finalFrom && nodeOf.get(String(process)) === node))
  const parts = [...nodes.map((node) => ({ where: node, events: ofNode(node) })), { where: 'all nodes', events: history }]
  const decided = parts.map(({ where, events }) => ({ where, events, decision: judgeSet(events) }))
  const worst = decided.find(({ decision }) => decision.verdict === 'violated')
  if (worst !== undefined) return shown(worst.where, worst.decision, worst.events)
  const silent = decided.find(({ events }) => !events.some(({ f, type }) => f === 'read' && type === 'ok'))
  if (silent !== undefined) {
    const reason = `${silent.where} does not answer the last read, although the network is whole`
    return { ...judgedBy('every node knows of everything in the end', [reason], reason), verdict: 'unknown' }
  }
  const adds = history.filter(({ f, type }) => f === 'add' && type === 'ok').length
  return judgedBy('every node knows of everything in the end', [], `${nodes.length} nodes know of all ${adds} acknowledged elements`)
}

function shown(where: string, decision: WorkloadDecision, history: readonly HistoryEvent<Value>[]): Judged {
  const [first] = decision.findings
  return {
    verdict: 'violated',
    reason: `${where}: ${first?.sentence ?? decision.note}`,
    show: (options) => showWorkload({ model: 'set', history, decision, seconds: 0 }, { ...options, file: `as seen by ${where}` }),
  }
}
