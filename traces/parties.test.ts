import { describe, expect, it } from 'vitest'
import {
  type Call,
  cell,
  cells,
  check,
  defineModel,
  ids,
  type Model,
  network,
  program,
  type StepTaken,
  simulation,
  type Transition,
} from '../checker/index.ts'
import type { Roles } from '../checker/language/roles.ts'
import { chubby, dynamo, models } from '../models/index.ts'
import type { TraceDocument } from './format.ts'
import { pathView } from './html/trace-view.ts'
import { traceMermaid } from './mermaid.ts'
import { replay } from './replay.ts'
import { showTrace } from './show.ts'
import { type Story, tellStory } from './story.ts'
import { election } from './testing/models.ts'
import { type NamedStep, pathOf } from './testing/paths.ts'

interface Given {
  readonly roles?: () => Roles
  readonly calls?: (before: unknown, after: unknown, step: StepTaken) => readonly Call[]
  readonly by?: string
}

/** A client asks a node, which tells the other one; a letter to a witness takes its time. */
const named: Given = {
  by: 'client',
  roles: () => ({ node: 2, client: 2, witness: null }),
  calls: (_, __, { action, args: [client, node], process }) => {
    const from = ['client', client as number] as const
    if (action === 'ask') return [{ from, to: ['node', node as number] }]
    if (action === 'end') return [{ from: ['node', 0], to: from, message: 'done' }]
    if (action === 'post') return [{ from, to: ['witness', 0], is: 'sent', message: { by: process } }]
    return action === 'arrive' ? [{ from, to: ['witness', 0], is: 'arrived' }] : []
  },
}

function store({ roles, calls, by }: Given): Model {
  const whose = by === undefined ? {} : { by }
  return defineModel({
    name: 'store',
    about: 'Clients and nodes with the same numbers',
    ...(roles && { roles }),
    ...(calls && { calls }),
    state: () => ({ asked: cells(2, 0), letters: cells(2, 0), seen: cell(0), net: network<string>({ nodes: 2, drops: 1, partitions: 1 }) }),
    actions: (on) => ({
      ask: on.action({
        each: ids(2),
        over: () => ids(2),
        when: (s, i) => s.asked[i] < 1,
        then: (s, i, node) => {
          s.asked[i] += 1
          s.net.send(node, 1 - node, `from ${i}`)
        },
        ...whose,
      }),
      receive: on.receive('net', {
        then: (s) => {
          s.seen += 1
        },
      }),
      end: on.action({
        each: ids(2),
        when: (s, i) => s.asked[i] === 1,
        then: (s, i) => {
          s.asked[i] = 2
        },
        ...(by !== undefined && { by: () => ['node', 0] }),
      }),
      post: on.action({
        each: ids(2),
        when: (s, i) => s.letters[i] === 0,
        then: (s, i) => {
          s.letters[i] = 1
        },
        ...whose,
      }),
      arrive: on.action({
        each: ids(2),
        when: (s, i) => s.letters[i] === 1,
        then: (s, i) => {
          s.letters[i] = 2
        },
        ...(by !== undefined && { by: 'witness' }),
      }),
    }),
    properties: (on) => ({ quiet: on.always('all is quiet', (s) => s.letters[0] < 2) }),
  })
}

const steps: NamedStep[] = [
  ['ask', 0, 1],
  ['partition', [1]],
  ['heal'],
  ['receive', 0, { from: 1, message: 'from 0' }],
  ['end', 0],
  ['post', 0],
  ['arrive', 0],
]
const traceOf = (model: Model): TraceDocument => pathOf(model, { property: 'quiet' }, steps)
const storyOf = (model: Model): Story => tellStory(replay(model, traceOf(model)))

describe('parties', () => {
  it('have lanes of their own where clients and nodes are numbered alike, and messages go between them', () => {
    const { nodes, parties, steps: told } = storyOf(store(named))
    expect(nodes.map((lane) => parties.nameOf(lane))).toEqual(['node 0', 'node 1', 'client 0', 'client 1', 'witness'])
    const name = (lane: number | null): string => (lane === null ? 'nobody' : parties.nameOf(lane))
    expect(told.map(({ lane }) => name(lane))).toEqual(['client 0', 'nobody', 'nobody', 'node 0', 'node 0', 'client 0', 'witness'])
    const passed = told.map(({ called, sent, arrived }) =>
      [...called, ...sent, ...arrived].map((message) => `${name(message.from)} > ${name(message.to)}`),
    )
    expect(passed).toEqual([
      ['client 0 > node 1', 'node 1 > node 0'],
      [],
      [],
      ['node 1 > node 0'],
      ['node 0 > client 0'],
      ['client 0 > witness'],
      ['client 0 > witness'],
    ])
  })

  it('are drawn in the terminal by short names, which a legend explains', () => {
    const text = showTrace(store(named), traceOf(store(named)))
    expect(text.slice(text.indexOf('\n      n0'), text.indexOf('finally'))).toMatchInlineSnapshot(`
      "
            n0    n1    c0    c1    w
            │     │     │     │     │
         1  │     │◄────●     │     │     ask(0, 1)
            │     │     │     │     │       asked[0]: 0 → 1
            │◄╌╌╌╌┤     │     │     │       m1 to node 0: "from 0"
         2  │     ╥     │     │     │     partition([1])  (0 more possible)
            │     ║     │     │     │       node 1 cut off from the others
         3  │     ╨     │     │     │     heal  all are connected again
         4  ●◄────┤     │     │     │     receive(0, m1)  "from 0"
            │     │     │     │     │       seen: 0 → 1
         5  ●     │     │     │     │     end(0)
            │     │     │     │     │       asked[0]: 1 → 2
            ├─────┼────►│     │     │       node 0 to client 0: done
         6  │     │     ●     │     │     post(0)
            │     │     │     │     │       letters[0]: 0 → 1
            │     │     ├╌╌╌╌╌┼╌╌╌╌►│       m2 to witness: {by: 0}
         7  │     │     ├─────┼────►●     arrive(0)  {by: 0}
            │     │     │     │     │       letters[0]: 1 → 2

      "
    `)
    expect(text).toContain('n node   c client   w witness   ● acts')
  })

  it('are drawn in two lines of names where lanes stand close, and in none where there is no room', () => {
    const narrow = showTrace(store(named), traceOf(store(named)), { width: 42 })
    expect(narrow.split('\n').filter((line) => /^ +[nc01] [nc01] /.test(line))).toEqual(['      n n c c w', '      0 1 0 1'])
    const none = showTrace(store({ ...named, roles: () => ({ node: 2, client: 20, witness: null }) }), traceOf(store(named)), { width: 60 })
    expect(none).toContain('client 0 to node 1')
    expect(none).toContain('node 0 to client 0: done')
  })

  it('are participants in Mermaid, and lanes with names in a report', () => {
    const replayed = replay(store(named), traceOf(store(named)))
    const lines = traceMermaid(replayed).split('\n  ')
    expect(lines.slice(1, 8)).toEqual([
      'participant n0 as node 0',
      'participant n1 as node 1',
      'participant n2 as client 0',
      'participant n3 as client 1',
      'participant n4 as witness',
      'Note over n2: 1 ask(0, 1)',
      'n2->>n1: ask',
    ])
    expect(lines).toContain('n0->>n2: done')
    const { lanes, messages, steps: taken } = pathView(replayed, replayed.simulation)
    expect(lanes.map(({ name, short, kind }) => `${name} ${short} ${kind}`)).toEqual([
      ...['node 0 n0 party', 'node 1 n1 party', 'client 0 c0 party', 'client 1 c1 party', 'witness w party'],
    ])
    expect(taken.map(({ lane }) => lane)).toEqual([2, null, null, 0, 0, 2, 4])
    expect(messages.map(({ from, to, sent, ended, isCall }) => [from, to, sent, ended, isCall])).toEqual([
      [2, 1, 1, 1, true],
      [1, 0, 1, 4, false],
      [0, 2, 5, 5, true],
      [2, 4, 6, 7, false],
    ])
  })

  it('are numbers where a model names no roles, and nothing else of the picture changes', () => {
    const replayed = replay(election, pathOf(election, { property: 'oneLeader' }, [['timeout', 0]]))
    const { lanes } = pathView(replayed, replayed.simulation)
    expect(lanes).toEqual(['0', '1', '2'].map((name) => ({ name, short: name, kind: 'node' })))
    const text = showTrace(store({}), traceOf(store({})))
    expect(text).toContain('node  0     1\n')
    expect(text).not.toContain('client')
  })

  it('cost a search nothing: who acts and what is called is not asked for', () => {
    const refuse = (): never => {
      throw new Error('is for pictures')
    }
    const [plain, told] = [check(store({})), check(store({ ...named, calls: refuse }))]
    for (const key of ['distinct', 'generated', 'depth', 'modelRuns', 'verdict'] as const) expect(told[key]).toEqual(plain[key])
    expect(told.violations[0]?.trace?.steps).toEqual(plain.violations[0]?.trace?.steps)
  })

  it.each<[string, Given, RegExp]>([
    [
      'a role that is not declared',
      { ...named, by: 'cleint' },
      /`by` of action ask of model store: there is no role "cleint", did you mean "client"\?$/,
    ],
    ['no roles at all', { by: 'client' }, /there is no role "client"; the model declares no `roles`$/],
    [
      'half a client',
      { ...named, roles: () => ({ node: 2, client: 1.5, witness: null }) },
      /roles of model store: "client" is given 1.5; give each name how many/,
    ],
    ['one client of two', { ...named, roles: () => ({ node: 2, client: 0, witness: null }) }, /there is no client 0, of 0$/],
    [
      'a call that throws',
      {
        ...named,
        calls: () => {
          throw new Error('no such thing')
        },
      },
      /^calls of model store threw: no such thing$/,
    ],
    [
      'a call to nobody',
      { ...named, calls: () => [{ from: ['client', 0], to: ['nobody', 0] }] },
      /calls of model store: there is no role "nobody"; there are node, client, witness$/,
    ],
  ])('are told apart from %s', (_, given, message) => {
    expect(() => storyOf(store(given))).toThrow(message)
  })
})

describe('the lanes of the models', () => {
  const lanesOf = ({ nodes, parties }: Story): string => nodes.map((lane) => parties.nameOf(lane)).join(', ')
  const nameOf = ({ name }: Model): string => name
  /** Thirty steps, one of every so many that are possible. */
  const walked = (model: Model, every: number): Story => {
    const instance = program(model)
    const sim = simulation(instance)
    const states = sim.initialStates().slice(0, 1)
    const transitions: Transition[] = []
    while (transitions.length < 30) {
      const possible = sim.transitions(states.at(-1) ?? []).filter(({ after }) => sim.inside(after))
      const next = possible[(every * (transitions.length + 1)) % possible.length]
      if (next === undefined) break
      transitions.push(next)
      states.push(next.after)
    }
    return tellStory({ program: instance, states, transitions })
  }

  it('are of who takes part, by name where clients and servers are numbered alike', () => {
    expect(Object.fromEntries(models.map((model) => [nameOf(model), lanesOf(walked(model, 7))]))).toMatchInlineSnapshot(`
      {
        "abd-register": "0, 1, 2",
        "cached-register": "client 0, client 1",
        "chubby": "client 0, client 1, master, resource",
        "chubby-cache": "client 0, master, writer",
        "chubby-cell": "replica 0, replica 1, replica 2",
        "dynamo": "node 0, node 1, node 2, client 0, client 1",
        "grow-only-counter": "0, 1, 2",
        "last-writer-wins-register": "0, 1, 2",
        "peterson": "0, 1",
        "primary-backup-register": "replica 0, replica 1, client 0, client 1",
        "raft": "0, 1, 2",
        "raft-clients": "server 0, server 1, server 2, client 0",
        "raft-leadership": "0, 1, 2",
        "raft-membership": "0, 1, 2, 3",
        "raft-snapshots": "0, 1, 2",
        "replication": "server 0, server 1, server 2, client 0, client 1",
        "single-copy-register": "client 0, client 1, server 0",
        "token-ring": "0, 1, 2",
        "transactions": "transaction 0, transaction 1",
        "two-phase-commit": "resource manager 0, resource manager 1, resource manager 2, resource manager 3, resource manager 4, transaction manager",
      }
    `)
  })

  it.each(models.map((model) => [nameOf(model), model] as const))(
    'of %s are the ends of every message, and where every step is taken',
    (_, model) => {
      for (const every of [1, 5, 11]) {
        const { nodes, steps: taken, inFlight } = walked(model, every)
        for (const { lane, called, sent, arrived } of taken) {
          if (lane !== null) expect(nodes).toContain(lane)
          for (const { from, to } of [...called, ...sent, ...arrived]) for (const end of [from, to]) expect(nodes).toContain(end)
          for (const { from, to } of called) expect(from).not.toBe(to)
        }
        for (const { to } of inFlight) expect(nodes).toContain(to)
      }
    },
  )

  it('tell a request of client 0 to node 0 in dynamo from what node 0 does itself', () => {
    const [violation] = check(dynamo, { bugs: ['last-message-wins'] }).violations
    const { steps: taken, parties } = tellStory(replay(dynamo, violation?.trace as TraceDocument))
    const [first] = taken
    expect(first?.lane === null || first === undefined ? '' : parties.nameOf(first.lane)).toBe('client 0')
    expect(first?.called.map(({ from, to }) => [from ?? -1, to].map((lane) => parties.nameOf(lane)))).toEqual([
      ['client 0', 'node 0'],
      ['node 0', 'client 0'],
    ])
    expect(first?.sent.map(({ from, to }) => [from ?? -1, to].map((lane) => parties.nameOf(lane)))).toEqual([['node 0', 'node 1']])
  })

  it('show a request to the resource of chubby on its way, from the client to the resource', () => {
    const options = { bugs: ['no-sequencer-check'], properties: ['ordered'] }
    const [violation] = check(chubby, options).violations
    const replayed = replay(chubby, violation?.trace as TraceDocument)
    const { lanes, messages } = pathView(replayed, replayed.simulation)
    const late = messages.find(({ to, ended }) => lanes[to]?.name === 'resource' && ended === replayed.transitions.length)
    expect(late).toMatchObject({ isCall: false })
    expect(lanes[late?.from ?? -1]?.name).toMatch(/^client \d$/)
    expect(late?.sent).toBeLessThan((late?.ended ?? 0) - 1)
  })
})
