import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cell, check, defineModel, type Model, program, type Simulation, type State, simulation } from '../../checker/index.ts'
import { canonicalKey } from '../../checker/language/json.ts'
import { dynamo, peterson, raft, tokenRing, twoPhaseCommit } from '../../models/index.ts'
import { readTrace, type TraceDocument, writeTrace } from '../format.ts'
import { replay } from '../replay.ts'
import { election } from '../testing/models.ts'
import { randomActions, randomModel } from '../testing/random-model.ts'
import type { ChoicesAnswer, Path, PathAnswer, Questions, SearchAnswer, TraceAnswer, WalkAnswer } from './api.ts'
import { Session } from './session.ts'

const never = new AbortController().signal

const counter: Model = defineModel({
  name: 'counter',
  about: 'It counts beyond what is good',
  state: () => ({ x: cell(0) }),
  actions: (on) => ({
    up: on.action({
      then: (s) => {
        s.x += 1
      },
    }),
  }),
  properties: (on) => ({ small: on.always('x is small', (s) => s.x < 2) }),
  boundary: (s) => s.x < 4,
})

async function asked<N extends keyof Questions>(
  session: Session,
  name: N,
  question: Questions[N]['question'],
): Promise<Questions[N]['answer']> {
  return session.answer(name, question, never)
}

function sessionOf(model: Model, options: Parameters<typeof program>[1] = {}): Session {
  return new Session(program(model, options))
}

/** Distances of all states from one, by the simulation. */
function distances(sim: Simulation, from: State): Map<string, { readonly state: State; readonly distance: number }> {
  const known = new Map([[canonicalKey(from), { state: from, distance: 0 }]])
  for (const { state, distance } of known.values())
    for (const { after } of sim.transitions(state))
      if (sim.inside(after) && !known.has(canonicalKey(after))) known.set(canonicalKey(after), { state: after, distance: distance + 1 })
  return known
}

const stateAt = (session: Session, path: Path): State => session.walker.follow(path).at(-1)?.state as State

describe('a place', () => {
  it('says who takes a step by the name of its role, and by number where the model names none', async () => {
    const { possible } = (await asked(sessionOf(dynamo), 'choices', { path: [0] })) as ChoicesAnswer
    expect([...new Set(possible.map(({ who }) => who))]).toEqual(['client 0', 'client 1'])
    expect(possible.find(({ who }) => who === 'client 1')?.messages).toEqual(['client 1 to node 0'])
    const { possible: plain } = (await asked(sessionOf(election), 'choices', { path: [0] })) as ChoicesAnswer
    expect(plain.map(({ who, process }) => [who, process])).toEqual([0, 1, 2].map((node) => [`node ${node}`, node]))
  })

  it('offers every successor of its state and nothing else, and says of all the rest what refuses it', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(randomModel, randomActions), fc.integer(), fc.integer({ min: 1, max: 12 }), async (model, seed, steps) => {
        const session = sessionOf(model)
        const { path } = (await asked(session, 'walk', { path: [0], steps, seed })) as WalkAnswer
        const { possible, refused } = (await asked(session, 'choices', { path })) as ChoicesAnswer
        const sim = simulation(program(model))
        const successors = sim.transitions(stateAt(session, path))
        const offered = possible.map(({ choice }) => canonicalKey(stateAt(session, [...path, choice])))
        expect(offered).toEqual(successors.map(({ after }) => canonicalKey(after)))
        const instances = sim.program.actions.reduce((sum, { each }) => sum + each.length, 0)
        expect(possible.length + refused.length).toBe(instances)
        expect(new Set([...possible.map(({ step }) => step.text), ...refused.map(({ text }) => text)]).size).toBe(instances)
      }),
      { seed: 2026, numRuns: 60 },
    )
  })

  it('has the states that the path leads through', async () => {
    const session = sessionOf(election)
    const { path } = (await asked(session, 'walk', { path: [0], steps: 9, seed: 4 })) as WalkAnswer
    const { view, digests, cut } = (await asked(session, 'path', { path })) as PathAnswer
    expect({ cut, steps: view.steps.length, digests: digests.length }).toEqual({ cut: null, steps: path.length - 1, digests: path.length })
    expect(new Set(digests).size).toBe(new Set(session.walker.follow(path).map(({ state }) => canonicalKey(state))).size)
    for (const strip of view.properties) expect(strip.holds).toHaveLength(path.length)
  })

  it('tells how far a path fits that was made with another model', async () => {
    const session = sessionOf(raft)
    expect(await asked(session, 'path', { path: [0, 1, 99, 0] })).toMatchObject({
      path: [0, 1],
      cut: 'the path fits for 1 of its 3 steps: the model has no choice 99 there; it is another one now',
    })
    expect(await asked(session, 'path', { path: [7, 1] })).toMatchObject({ path: [0], cut: expect.stringContaining('no initial state 7') })
    await expect(asked(session, 'choices', { path: [0, 99] })).rejects.toThrow('the model has no choice 99 there')
  })

  it('shows the guard that refuses an action, with what it looked at', async () => {
    const { refused } = (await asked(sessionOf(twoPhaseCommit), 'choices', { path: [0] })) as ChoicesAnswer
    const commit = refused.find(({ text }) => text === 'commit()')
    expect(commit?.by).toBe('when')
    expect(commit?.source).toMatch(/^\(s\)\s*=>/)
    // The first member that is not prepared is where the answer is known.
    expect(commit?.slots).toEqual([
      { name: 'tm', value: 'init' },
      { name: 'prepared[0]', value: 'false' },
    ])
  })

  it("shows the model's own part of a guard that a network wraps, and in words what the network asks for", async () => {
    const options = { constants: { drops: 1, partitions: 1 } }
    const { refused } = (await asked(sessionOf(election, options), 'choices', { path: [0] })) as ChoicesAnswer
    const by = (text: string) => refused.find((one) => one.text.startsWith(text))
    expect(by('heal')).toMatchObject({ by: 'when', source: null, also: 'a partition', slots: [{ name: 'net.side', value: 'null' }] })
    expect(by('drop')).toMatchObject({ by: 'over', source: null, also: 'a message, and something left of the budget drops' })
    expect(by('receive')).toMatchObject({
      by: 'over',
      also: 'a message that can be delivered',
      slots: [{ name: 'net.inbox[0]', value: '[]' }],
    })
  })
})

describe('the nearest state', () => {
  it('that satisfies a predicate is one at the least distance, and is found exactly where there is one', async () => {
    const sum = fc.integer({ min: 0, max: 7 })
    const slot = fc.nat(3)
    await fc.assert(
      fc.asyncProperty(randomModel, fc.record({ a: slot, b: slot, sum }), fc.integer(), async (model, { a, b, sum }, seed) => {
        const session = sessionOf(model)
        const { path } = (await asked(session, 'walk', { path: [0], steps: 3, seed })) as WalkAnswer
        const found = (await asked(session, 'find', { path, predicate: `s.n[${a}] + s.n[${b}] >= ${sum}` })) as SearchAnswer
        const from = stateAt(session, path)
        const all = [...distances(simulation(program(model)), from).values()]
        const isGood = (state: State): boolean => Number(state[a]) + Number(state[b]) >= sum
        const least = Math.min(...all.filter(({ state }) => isGood(state)).map(({ distance }) => distance))
        if (found.path === null) {
          expect({ least, states: found.states, limit: found.limit }).toEqual({
            least: Number.POSITIVE_INFINITY,
            states: all.length,
            limit: null,
          })
          return
        }
        expect(found.path.slice(0, path.length)).toEqual(path)
        expect(found.path.length - path.length).toBe(least)
        expect(isGood(stateAt(session, found.path))).toBe(true)
      }),
      { seed: 2026, numRuns: 150 },
    )
  })

  it('that has not been seen comes next, until all have been, those near the start first', async () => {
    const session = sessionOf(twoPhaseCommit, { constants: { resourceManagers: 3 } })
    const sim = session.walker.simulation
    const all = distances(sim, session.walker.initial[0] as State)
    const depths: number[] = []
    const seen = new Set(((await asked(session, 'path', { path: [0] })) as PathAnswer).digests)
    for (let next: Path | null = [0]; next !== null && depths.length <= 40; ) {
      const answer: SearchAnswer = (await asked(session, 'next', { path: next, seen: [...seen] })) as SearchAnswer
      next = answer.path
      if (next === null) break
      const { digests } = (await asked(session, 'path', { path: next })) as PathAnswer
      expect(seen.has(digests.at(-1) as string)).toBe(false)
      for (const digest of digests) seen.add(digest)
      expect(all.get(canonicalKey(stateAt(session, next)))?.distance).toBe(next.length - 1)
      depths.push(next.length - 1)
    }
    expect(depths).toEqual([...depths].sort((a, b) => a - b))
    expect(depths.length).toBe(41)
    const last = (await asked(session, 'next', { path: [0], seen: [...(await everyDigest(session))] })) as SearchAnswer
    expect(last).toEqual({ path: null, states: 288, limit: null })
  })

  async function everyDigest(session: Session): Promise<Set<string>> {
    const digests = new Set<string>()
    const visit = async (path: Path): Promise<void> => {
      const digest = session.walker.follow(path).at(-1)?.digest as string
      if (digests.has(digest)) return
      digests.add(digest)
      for (const [choice] of session.walker.offers(session.walker.follow(path).at(-1) as never).entries()) await visit([...path, choice])
    }
    await visit([0])
    return digests
  }

  it('is not claimed to be nowhere where a limit ended the search', async () => {
    const limited = new Session(program(raft), { maxStates: 500 })
    expect(await asked(limited, 'find', { path: [0], predicate: 'false' })).toEqual({ path: null, states: 500, limit: '500 states' })
    const hurried = new Session(program(raft), { timeMs: 200 })
    expect(await asked(hurried, 'find', { path: [0], predicate: 'false' })).toMatchObject({ path: null, limit: '0.2 s' })
  })

  it('is not looked for any more when nobody wants to know', async () => {
    const stopped = new AbortController()
    const answer = sessionOf(raft).answer('find', { path: [0], predicate: 'false' }, stopped.signal)
    setTimeout(() => stopped.abort(), 100)
    expect(await answer).toMatchObject({ path: null, limit: 'your stopping it' })
  })
})

describe('a walk', () => {
  it('is the same with the same seed, and stays within the boundary', async () => {
    const session = sessionOf(raft)
    const walk = { path: [0], steps: 40, seed: 11 }
    const walked = (await asked(session, 'walk', walk)) as WalkAnswer
    expect(await asked(sessionOf(raft), 'walk', walk)).toEqual(walked)
    for (const { state } of session.walker.follow(walked.path)) expect(session.walker.simulation.inside(state)).toBe(true)
  })

  it('stops where something is violated, and where no step is left within the boundary', async () => {
    const session = sessionOf(counter)
    const violated = (await asked(session, 'walk', { path: [0], steps: 9, seed: 1 })) as WalkAnswer
    expect(violated).toEqual({ path: [0, 0, 0], ended: 'violated' })
    const { path } = (await asked(session, 'walk', { ...violated, steps: 1, seed: 1 })) as WalkAnswer
    expect(await asked(session, 'walk', { path, steps: 9, seed: 1 })).toEqual({ path: [0, 0, 0, 0], ended: 'stuck' })
  })
})

describe('a step out of the boundary', () => {
  it('is shown, but no path leads there', async () => {
    const session = sessionOf(counter)
    const { possible } = (await asked(session, 'choices', { path: [0, 0, 0, 0] })) as ChoicesAnswer
    expect(possible).toMatchObject([{ choice: 0, isOutside: true, step: { changes: [{ path: 'x', before: '3', after: '4' }] } }])
    expect(await asked(session, 'path', { path: [0, 0, 0, 0, 0] })).toMatchObject({
      path: [0, 0, 0, 0],
      cut: 'the path fits for 3 of its 4 steps: the model has choice 0 outside of its boundary; it is another one now',
    })
    expect(await asked(session, 'find', { path: [0], predicate: 's.x > 3' })).toEqual({ path: null, states: 4, limit: null })
  })
})

describe('a saved path', () => {
  it('is a trace of the property that is violated at its end, which replay finds again', async () => {
    const [violation] = check(raft, { bugs: ['vote-not-persisted'] }).violations
    const session = sessionOf(raft, { bugs: ['vote-not-persisted'] })
    const path = session.walker.continued([0], violation?.trace.steps ?? [])
    const { text, message } = (await asked(session, 'trace', { path })) as TraceAnswer
    expect(message).toBe('electionSafety is violated at its end')
    const trace = readTrace(text, 'trace.json')
    expect(trace).toMatchObject({ property: 'electionSafety', kind: 'always', steps: violation?.trace.steps })
    expect(replay(raft, trace).finding?.property).toBe('electionSafety')
  })

  it('is kept where the session keeps traces, and names no file of a model by itself', async () => {
    const kept: TraceDocument[] = []
    const save = (trace: TraceDocument): string => `trace-${kept.push(trace)}.json`
    const { text, file } = await asked(new Session(program(counter), { save }), 'trace', { path: [0, 0] })
    expect(file).toBe('trace-1.json')
    expect(kept.map(writeTrace)).toEqual([text])
    expect(readTrace(text, 'trace.json')).not.toHaveProperty('file')
    expect(await asked(sessionOf(counter), 'trace', { path: [0] })).toMatchObject({ file: null })
  })

  it('is a path that claims nothing where nothing is violated', async () => {
    const session = sessionOf(raft)
    const { path } = (await asked(session, 'walk', { path: [0], steps: 12, seed: 3 })) as WalkAnswer
    const trace = readTrace(((await asked(session, 'trace', { path })) as TraceAnswer).text, 'trace.json')
    expect(trace).toMatchObject({ property: '', kind: 'path', strategy: 'by-hand' })
    expect(replay(raft, trace).states).toEqual(session.walker.follow(path).map(({ state }) => state))
  })
})

describe('a path that comes back to a state', () => {
  const spinning: Model = defineModel({
    name: 'spinning',
    about: 'It turns until it stops',
    state: () => ({ x: cell(0), isDone: cell(false) }),
    actions: (on) => ({
      turn: on.action({
        when: (s) => !s.isDone,
        then: (s) => {
          s.x = (s.x + 1) % 2
        },
      }),
      stop: on.action({
        when: (s) => !s.isDone,
        then: (s) => {
          s.isDone = true
        },
      }),
    }),
    properties: (on) => ({ two: on.eventually('x is two', (s) => s.x === 2) }),
  })

  async function lassoAt(session: Session, path: Path): Promise<ChoicesAnswer['lasso']> {
    return (await asked(session, 'choices', { path })).lasso
  }

  it('says after which step it was there, and which property that violates for ever, as a check says', async () => {
    const checked = check(peterson, { bugs: ['after-you'], properties: ['process0GetsIn'] }).violations[0]?.trace as TraceDocument
    const session = sessionOf(peterson, { bugs: ['after-you'] })
    const path = session.walker.continued([0], checked.steps)
    const violated = [{ property: 'process0GetsIn', message: checked.message }]
    expect(await lassoAt(session, path)).toEqual({ loop: checked.loop, unfair: null, violated: expect.arrayContaining(violated) })
    expect((await asked(session, 'path', { path })).view.loop).toBe(checked.loop)
    expect(await lassoAt(session, path.slice(0, -1))).toBeNull()
    expect((await asked(session, 'path', { path: path.slice(0, -1) })).view.loop).toBeNull()

    const only = sessionOf(peterson, { bugs: ['after-you'], properties: ['process0GetsIn'] })
    const { text, message } = await asked(only, 'trace', { path, loop: checked.loop as number })
    expect(message).toBe('process0GetsIn is violated for ever')
    const trace = readTrace(text, 'trace.json')
    expect(trace).toEqual({ ...checked, strategy: 'by-hand' })
    expect(replay(peterson, trace).finding).toMatchObject({ property: 'process0GetsIn', message: checked.message })
  })

  it('that violates nothing is saved as a path that claims no more than to come back', async () => {
    const session = sessionOf(tokenRing)
    const round = [0, 1, 2].map((i) => ({ action: 'pass', args: [i] }))
    const path = session.walker.continued([0], round)
    expect(await lassoAt(session, path)).toEqual({ loop: 0, unfair: null, violated: [] })
    const { text, message } = await asked(session, 'trace', { path, loop: 0 })
    expect(message).toBe('a lasso of the model; nothing is violated for ever')
    const trace = readTrace(text, 'trace.json')
    expect(trace).toMatchObject({ kind: 'path', property: '', loop: 0, message: 'was chosen step by step in the explorer' })
    expect(replay(tokenRing, trace).finding).toBeNull()
  })

  it('passes over a fair action, and says which', async () => {
    const unfair = defineModel({
      name: 'unfair',
      about: 'It may be flipped for ever, were it not for the end',
      state: () => ({ side: cell(0), isOver: cell(false) }),
      actions: (on) => ({
        flip: on.action({
          when: (s) => !s.isOver,
          then: (s) => {
            s.side = 1 - s.side
          },
        }),
        end: on.action({
          fair: 'weak',
          when: (s) => !s.isOver,
          then: (s) => {
            s.isOver = true
          },
        }),
      }),
      properties: (on) => ({ over: on.eventually('it is over', (s) => s.isOver) }),
    })
    const session = sessionOf(unfair)
    const reason = 'end() is weakly fair and never happens, though it is enabled all the time'
    expect(await lassoAt(session, [0, 0, 0])).toEqual({ loop: 0, unfair: reason, violated: [] })
    const trace = readTrace((await asked(session, 'trace', { path: [0, 0, 0], loop: 0 })).text, 'trace.json')
    expect(trace).toMatchObject({
      kind: 'path',
      message: `was chosen step by step in the explorer, and is no execution that goes on for ever, as ${reason}`,
    })
    expect(replay(unfair, trace).states).toHaveLength(3)
  })

  it('stays where nothing can happen any more, if that violates a property', async () => {
    const session = sessionOf(spinning)
    const path = session.walker.continued([0], [{ action: 'stop', args: [] }])
    expect(await lassoAt(session, path)).toEqual({
      loop: 1,
      unfair: null,
      violated: [{ property: 'two', message: 'no state of this execution is such a state' }],
    })
    const trace = readTrace((await asked(session, 'trace', { path, loop: 1 })).text, 'trace.json')
    expect(replay(spinning, trace)).toMatchObject({ finding: { property: 'two' } })
    expect(await lassoAt(sessionOf(counter), [0])).toBeNull()
  })

  it('is saved as a lasso only with a loop that closes', async () => {
    await expect(asked(sessionOf(spinning), 'trace', { path: [0, 0], loop: 0 })).rejects.toThrow(
      'the last state of the path is not the one after step 0 again',
    )
  })

  it('is found on every walk that comes back, at the latest time that it was there, and replay takes it', async () => {
    let found = 0
    await fc.assert(
      fc.asyncProperty(randomModel, fc.integer(), fc.integer({ min: 1, max: 12 }), async (model, seed, steps) => {
        const session = sessionOf(model)
        const { path } = await asked(session, 'walk', { path: [0], steps, seed })
        const keys = session.walker.follow(path).map(({ state }) => canonicalKey(state))
        const before = keys.slice(0, -1).lastIndexOf(keys.at(-1) as string)
        const lasso = await lassoAt(session, path)
        expect(lasso === null ? -1 : lasso.loop).toBe(before)
        if (lasso === null) return
        found++
        const trace = readTrace((await asked(session, 'trace', { path, loop: lasso.loop })).text, 'trace.json')
        expect(replay(model, trace).states.map((state) => canonicalKey(state))).toEqual(keys)
        for (const [loop, key] of keys.entries()) {
          const refused = key === keys.at(-1) ? null : `its last state is not the one after step ${loop} again`
          if (refused === null) expect(replay(model, { ...trace, loop }).finding).toBeNull()
          else expect(() => replay(model, { ...trace, loop })).toThrow(refused)
        }
      }),
      { seed: 2026, numRuns: 200 },
    )
    expect(found).toBeGreaterThan(20)
  })
})
