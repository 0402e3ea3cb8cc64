import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { counter, keyValue, queue, register } from '../properties/index.ts'
import { type ConcurrentOptions, consistent, linearizable, type Program, programs, type Schedule } from './fast-check.ts'
import { readHistoryFile } from './histories/read.ts'

const folder = mkdtempSync(join(tmpdir(), 'concurrent-'))
afterAll(() => rmSync(folder, { recursive: true }))

const nothing = fc.constant(null)
const seeds = [1, 2, 3, 5, 8, 13, 21, 34]

/** Reads, then writes back. */
const carelessCounter = (schedule: Schedule) => {
  const store = schedule(new Map<string, number>(), 'store')
  return {
    increment: async () => {
      await store.set('n', ((await store.get('n')) ?? 0) + 1)
    },
    read: async () => (await store.get('n')) ?? 0,
  }
}

const carefulCounter = (schedule: Schedule) => {
  let n = 0
  const store = schedule({ increment: () => void n++, read: () => n }, 'store')
  return { increment: () => store.increment(), read: () => store.read() }
}

/** A cache that reads through: what it has read is put into the cache, even if it has been overwritten in the meantime. */
const racingCache = (schedule: Schedule) => {
  const database = schedule(new Map([['x', 0]]), 'database')
  const cache = schedule(new Map<string, number>(), 'cache')
  return {
    read: async () => {
      const hit = await cache.get('x')
      if (hit !== undefined) return hit
      const value = (await database.get('x')) ?? 0
      await cache.set('x', value)
      return value
    },
    write: async (value: number) => {
      await database.set('x', value)
      await cache.delete('x')
    },
  }
}

interface Failure {
  readonly program: string
  readonly message: string
}

async function failureOf(property: fc.IAsyncPropertyWithHooks<[Program]>, seed: number): Promise<Failure> {
  const { counterexample, errorInstance } = await fc.check(property, { seed })
  return { program: String(counterexample?.[0]), message: (errorInstance as Error).message }
}

describe('the lost update of a counter that reads and then writes', () => {
  const commands = { increment: nothing, read: nothing }
  const property = linearizable(counter, { commands, system: carelessCounter })

  it.each(seeds)('shrinks to two increments and a read, from seed %i', async (seed) => {
    expect((await failureOf(property, seed)).program).toBe('client 0: increment, read; client 1: increment')
  })

  it('is shown with the interleaving that has one delay', async () => {
    const { message } = await failureOf(property, 1)
    expect(message).toContain('✗ not linearizable')
    expect(message).toMatch(/✗ read → 1/)
    expect(message.slice(message.indexOf('the interleaving'))).toBe(`the interleaving, 13 steps:

client 0                    client 1
increment
store.get('n')
                            increment
                            store.get('n')
                            store.get('n') → undefined
                            store.set('n', 1)
                            store.set('n', 1) done
store.get('n') → undefined
store.set('n', 1)
store.set('n', 1) done
read
store.get('n')
store.get('n') → 1
`)
  })

  it('shrinks to two increments where they answer', async () => {
    const answering = linearizable(counter, {
      // From 1 on an answer could be an echo of the argument.
      initial: 10,
      commands: { increment: nothing },
      system: (schedule) => {
        const store = schedule(new Map<string, number>())
        return {
          increment: async () => {
            const n = ((await store.get('n')) ?? 10) + 1
            await store.set('n', n)
            return n
          },
        }
      },
    })
    for (const seed of seeds) {
      const { program, message } = await failureOf(answering, seed)
      expect(program).toBe('client 0: increment; client 1: increment')
      expect(message).toContain('the interleaving, 10 steps:')
    }
  })

  it('is not there in a counter whose store increments', async () => {
    await fc.assert(linearizable(counter, { commands, system: carefulCounter, interleavings: 30 }), { numRuns: 50 })
  })

  it('is replayed by the seed and the path that fast-check prints', async () => {
    const { seed, counterexamplePath, counterexample } = await fc.check(property, { seed: 4 })
    const replayed = await fc.check(property, { seed, path: counterexamplePath ?? '' })
    expect(replayed.numRuns).toBe(1)
    expect(String(replayed.counterexample)).toBe(String(counterexample))
  })
})

describe('the stale read of a cache that races with a write', () => {
  const property = linearizable(register, {
    initial: 0,
    commands: { read: nothing, write: fc.integer({ min: 1, max: 9 }) },
    system: racingCache,
  })

  it.each(seeds)('shrinks to two reads and one write, from seed %i', async (seed) => {
    const { program, message } = await failureOf(property, seed)
    expect(program).toBe('client 0: read, read; client 1: write 1')
    expect(message).toContain('the interleaving, 15 steps:')
  })

  it('is shown with the interleaving that has one delay', async () => {
    const { message } = await failureOf(property, 1)
    expect(message).toMatch(/✗ read → 0/)
    expect(message.slice(message.indexOf('the interleaving'))).toBe(`the interleaving, 15 steps:

client 0                    client 1
read
cache.get('x')
cache.get('x') → undefined
database.get('x')
                            write 1
                            database.set('x', 1)
                            database.set('x', 1) done
                            cache.delete('x')
                            cache.delete('x') → false
database.get('x') → 0
cache.set('x', 0)
cache.set('x', 0) done
read
cache.get('x')
cache.get('x') → 0
`)
  })
})

describe('a read that is torn only where two writes come between its parts', () => {
  const commands = { read: nothing, write: fc.integer({ min: 1, max: 9 }) }
  const system = (schedule: Schedule) => {
    const cell = schedule(new Map([['x', 0]]), 'cell')
    return {
      read: async () => {
        const [first, second, third] = [await cell.get('x'), await cell.get('x'), await cell.get('x')]
        return first !== second && second !== third && first !== third ? -1 : (third ?? 0)
      },
      write: async (value: number) => {
        await cell.set('x', value)
      },
    }
  }
  const property = (interleavings: number) => linearizable(register, { initial: 0, commands, system, interleavings, clients: 2 })

  it('needs three delays, and is found among enough interleavings', async () => {
    for (const seed of [1, 2, 3]) {
      const { program } = await failureOf(property(600), seed)
      expect(program).toMatch(/^client 0: write [12], write [12]; client 1: read$/)
    }
  })

  it('is not found among few', async () => {
    await fc.assert(property(10), { numRuns: 50 })
  })
})

describe('other levels', () => {
  it('judge the same runs', async () => {
    // Each client reads its own copy, which learns of writes later.
    const system = (schedule: Schedule) => {
      const replica = schedule({ read: () => 0 }, 'replica')
      return { read: () => replica.read(), write: () => {} }
    }
    const options = { initial: 0, commands: { read: nothing, write: fc.constant(1) }, system, interleavings: 20 }
    expect((await failureOf(linearizable(register, options), 1)).program).toBe('client 0: write 1, read')
    expect((await failureOf(consistent('sequential', register, options), 1)).program).toBe('client 0: write 1, read')
    await fc.assert(consistent('monotonic-reads', register, options), { numRuns: 20 })
  })
})

describe('failures of other kinds', () => {
  const commands = { enqueue: fc.nat(9), dequeue: nothing }
  const waiting = (): { enqueue: () => void; dequeue: () => Promise<never> } => ({
    enqueue: () => {},
    dequeue: () => new Promise(() => {}),
  })

  it('are operations that never end, unless they may', async () => {
    const { program, message } = await failureOf(linearizable(queue, { commands, system: waiting }), 1)
    expect(program).toBe('client 0: dequeue')
    expect(message).toMatch(/^✗ dequeue by process 0 never ends[\s\S]*the interleaving, 1 step:/)
    await fc.assert(linearizable(queue, { commands, system: waiting, mayBlock: true }), { numRuns: 10 })
  })

  it('are none where work goes on in the background for ever: it waits until no client has a turn', async () => {
    const system = (schedule: Schedule) => {
      const wire = schedule({ ping: () => 0 }, 'wire')
      const forEver = async (): Promise<never> => {
        for (;;) await wire.ping()
      }
      return {
        read: () => {
          void forEver()
          return wire.ping()
        },
      }
    }
    const options = { initial: 0, commands: { read: nothing }, system, interleavings: 10 }
    await fc.assert(linearizable(register, options), { numRuns: 10 })
  })

  it('are errors, unless they say something of the operation', async () => {
    const system = () => ({ enqueue: () => {}, dequeue: () => Promise.reject(new RangeError('empty')) })
    const { counterexample, errorInstance } = await fc.check(linearizable(queue, { commands, system }), { seed: 1 })
    expect(String(counterexample?.[0])).toBe('client 0: dequeue')
    expect((errorInstance as Error).message).toContain('✗ an operation throws: RangeError: empty')
    expect((errorInstance as Error).cause).toBeInstanceOf(RangeError)
    await fc.assert(linearizable(queue, { commands, system, errors: () => 'fail' }), { numRuns: 10 })
  })

  it('are pointed out where the system does not do the same again', async () => {
    let made = 0
    const system = () => {
      const answer = made++
      return { read: () => answer }
    }
    const { message } = await failureOf(linearizable(counter, { commands: { read: nothing }, system }), 1)
    expect(message).toContain('went another way when it ran again')
  })

  it('write the history of the smallest one where they are told to', async () => {
    const save = join(folder, 'lost-update.edn')
    const options = { commands: { increment: nothing, read: nothing }, save, interleavings: 20 }
    await fc.check(linearizable(counter, { ...options, system: carefulCounter }), { numRuns: 5 })
    expect(existsSync(save)).toBe(false)
    const { message } = await failureOf(linearizable(counter, { ...options, system: carelessCounter }), 1)
    expect(message).toContain(`the history is in ${save}`)
    expect(readHistoryFile(save).history).toHaveLength(6)
  })
})

describe('random programs', () => {
  it('have the clients, operations and keys that they may have, and no idle clients', () => {
    const seen = new Set<number>()
    fc.assert(
      fc.property(programs({ get: nothing, put: fc.nat(3) }, { clients: 4, operations: 2, keys: ['x', 'y'] }), ({ clients }) => {
        seen.add(clients.length)
        expect(clients.length).toBeLessThanOrEqual(4)
        for (const calls of clients) {
          expect(calls.length).toBeGreaterThan(0)
          expect(calls.length).toBeLessThanOrEqual(2)
          for (const { f, input, key } of calls) {
            expect(f === 'get' ? input === null : f === 'put' && typeof input === 'number').toBe(true)
            expect(['x', 'y']).toContain(key)
          }
        }
      }),
    )
    expect([...seen].toSorted()).toEqual([2, 3, 4])
  })

  it('shrink in their inputs and keys as well', async () => {
    const forgetful = () => ({ put: () => {}, get: () => null })
    const commands = { get: nothing, put: fc.nat() }
    for (const seed of seeds) {
      const { program } = await failureOf(linearizable(keyValue, { commands, system: forgetful, keys: ['x', 'y'] }), seed)
      expect(program).toBe('client 0: x: put 0, x: get')
    }
  })

  it('need commands', () => {
    expect(() => programs({})).toThrow('clients need commands')
  })

  it('are typed: a system has a function for each command', () => {
    const untested = (schedule: Schedule): void => {
      const commands = { write: fc.nat(), read: nothing }
      linearizable(register, { commands, system: () => ({ write: (_: number) => {}, read: () => 0 }) })
      // @ts-expect-error: there is no read
      linearizable(register, { commands, system: () => ({ write: (_: number) => {} }) })
      // @ts-expect-error: what is written is a number
      linearizable(register, { commands, system: () => ({ write: (_: string) => {}, read: () => 0 }) })
      // @ts-expect-error: there is no option of this name
      const misspelt: ConcurrentOptions<typeof commands> = { commands, system: () => ({ write: () => {}, read: () => 0 }), client: 2 }
      const store = schedule(new Map<string, number>())
      const value: Promise<number | undefined> = store.get('x')
      // @ts-expect-error: it answers later
      const now: number | undefined = store.get('x')
      expect([misspelt, value, now]).toBeDefined()
    }
    expect(untested).toBeTypeOf('function')
  })
})
