/** Reports of any size, made up, with text of one's choice everywhere. */
import type { FindingsView, HistoryView, ReportDocument, TraceView, TransactionsView } from '../document.ts'

/** Text that would do something, were it taken for markup, and that is hard to set. */
export const hostile = '</script><img src=x onerror=alert(1)> \u202egnirts 👩‍💻 "quotes" \u2028 \u0001 &amp;'

/** A trace of so many steps, with a message every third and hostile text everywhere. */
export function syntheticTrace(steps: number, text = 'work'): ReportDocument {
  const view: TraceView = {
    kind: 'trace',
    lanes: [text, 'b', 'c'].map((name) => ({ name, short: name, kind: 'node' })),
    steps: Array.from({ length: steps }, (_, i) => ({
      action: text,
      text,
      lane: i % 3,
      mark: i % 50 === 7 ? 'crash' : null,
      writes: { [text]: { count: i, [text]: text } },
      changes: [{ path: text, before: text, after: text }],
    })),
    messages: Array.from({ length: Math.floor(steps / 3) }, (_, i) => ({
      name: `m${i}`,
      isCall: false,
      from: i % 3,
      to: (i + 1) % 3,
      text,
      content: text,
      sent: 3 * i + 1,
      ended: i % 5 === 0 ? null : Math.min(steps, 3 * i + 4),
      isLost: i % 5 === 1,
      copyOf: null,
    })),
    partitions: [{ lanes: [1], from: 2, to: null }],
    initial: { [text]: { count: -1, [text]: text } },
    properties: [
      {
        name: text,
        kind: 'always',
        sentence: text,
        holds: Array.from({ length: steps + 1 }, (_, i) => i < steps),
        first: steps,
        message: text,
      },
    ],
    loop: null,
    exports: {},
  }
  return { header: { title: text, tone: 'bad', sentence: text, facts: [{ name: text, value: text }], command: text }, views: [view] }
}

/** So many operations of ten processes, in an order; a few crash, and the last fails. */
export function syntheticHistory(count: number, text = 'write 1', name: string | null = null): ReportDocument {
  const operations = Array.from({ length: count }, (_, id) => ({
    id,
    process: id % 101 === 50 ? `crashed ${id} ${text}` : `${id % 10} ${text}`,
    text: `${text} ${id}`,
    call: 3 * id,
    return: id % 101 === 50 ? null : 3 * id + 25,
    callTime: 1000 * id,
    returnTime: id % 101 === 50 ? null : 1000 * id + 9000,
    isCore: id > count - 4,
  }))
  const view: HistoryView = {
    kind: 'history',
    level: text,
    tone: 'bad',
    sentence: text,
    objects: [name, `other ${text}`].map((one, i) => ({
      name: one,
      operations: operations.map((operation) => ({ ...operation, id: operation.id + i * count })),
      order: {
        isWhole: false,
        length: count - 1,
        places: operations
          .slice(0, -1)
          .map(({ id }) => ({ id: id + i * count, position: id + 1, before: `${text} ${id}`, after: `${text} ${id + 1}` })),
      },
      failing: i === 0 ? count - 1 : null,
      possible: [text],
    })),
    notes: [text],
  }
  return { header: { title: text, tone: 'bad', sentence: text, facts: [{ name: text, value: text }], command: text }, views: [view] }
}

/** So many transactions of twenty sessions; the first seven contradict each other. */
export function syntheticTransactions(count: number, text: string): ReportDocument {
  const cycle = 7
  const view: TransactionsView = {
    kind: 'transactions',
    level: text,
    tone: 'bad',
    sentence: text,
    explanation: [text, `  ${text}`, text],
    transactions: Array.from({ length: count }, (_, id) => ({
      id,
      name: id < cycle ? `T${id + 1}` : null,
      process: `${id % 20} ${text}`,
      operations: [`${text} ${id}`, text],
      status: (['committed', 'aborted', 'unknown'] as const)[id % 3] ?? 'committed',
      call: 2 * id,
      return: id % 100 === 99 ? null : 2 * id + 15,
    })),
    edges: Array.from({ length: cycle + 2 }, (_, i) => ({
      from: i % cycle,
      to: (i + 1) % cycle,
      kind: ['ww', 'wr', 'rw', 'session', 'real-time'][i % 5] ?? 'ww',
      key: i % 5 < 3 ? text : null,
      reason: `${text} ${i}`,
      isProof: i < cycle,
      fromOperation: 0,
      toOperation: 1,
    })),
    hasTimes: true,
    notes: [text],
  }
  const findings: FindingsView = {
    kind: 'findings',
    note: text,
    findings: [{ name: text, sentence: text, violates: [text], events: [{ index: 1, text }] }],
    counts: [{ name: text, value: text }],
  }
  return {
    header: { title: text, tone: 'bad', sentence: text, facts: [{ name: text, value: text }], command: text },
    views: [view, { ...view, level: `other ${text}` }, findings],
  }
}
