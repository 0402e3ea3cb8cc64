import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { counter, mutex, register } from '../properties/index.ts'
import { verify } from '../properties/verify.ts'
import { type ClientCall, Program } from './concurrent-program.ts'
import { runProgram, type Schedule, type Scheduled } from './concurrent-run.ts'

const call = (f: string, input: ClientCall['input'] = null): ClientCall => ({ f, input })

/** Releases the steps in the order in which they have come. */
const inOrder = (): fc.Scheduler => fc.schedulerFor(Array.from({ length: 20_000 }, (_, i) => i + 1))

const storeOf = (schedule: Schedule): Scheduled<Map<string, number>> => schedule(new Map<string, number>(), 'store')

/** Reads, then writes back: updates get lost. */
const careless = (schedule: Schedule) => {
  const store = storeOf(schedule)
  return {
    increment: async () => {
      await store.set('n', ((await store.get('n')) ?? 0) + 1)
    },
    read: async () => (await store.get('n')) ?? 0,
  }
}

describe('runs of a program', () => {
  it('take their steps in the order of the scheduler', async () => {
    const program = new Program([[call('increment')], [call('read')]])
    const { history, steps } = await runProgram(program, inOrder(), careless)
    expect(steps.map(({ client, text }) => `${client} ${text}`)).toEqual([
      '0 increment',
      '1 read',
      "0 store.get('n')",
      "1 store.get('n')",
      "0 store.get('n') → undefined",
      "1 store.get('n') → undefined",
      "0 store.set('n', 1)",
      "0 store.set('n', 1) done",
    ])
    expect(history.map(({ process, type, f, value }) => `${process} ${type} ${f} ${value}`)).toEqual([
      '0 invoke increment null',
      '1 invoke read null',
      '1 ok read 0',
      '0 ok increment null',
    ])
  })

  it("give histories under fast-check's own scheduler, some of which are not linearizable", async () => {
    const program = new Program([[call('increment'), call('read')], [call('increment')]])
    const verdicts = new Set<string>()
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), async (scheduler) => {
        const { history } = await runProgram(program, scheduler, careless)
        expect(history).toHaveLength(6)
        verdicts.add(verify(history, counter).verdict)
      }),
      { seed: 1 },
    )
    expect(verdicts).toEqual(new Set(['holds', 'violated']))
  })

  it('wrap functions, and objects with methods and private parts, which keep their errors', async () => {
    class Store {
      readonly label = 'a store'
      #value = 0
      write(value: number): void {
        if (value < 0) throw new RangeError('negative')
        this.#value = value
      }
      async read(): Promise<number> {
        return this.#value
      }
    }
    const seen: unknown[] = []
    const { history, steps } = await runProgram(
      new Program([[call('write', -1), call('write', 7), call('read')]]),
      inOrder(),
      (schedule) => {
        const store = schedule(Object.freeze(new Store()))
        const double = schedule((n: number) => 2 * n, 'double')
        seen.push(store.label, [store.read, store.read])
        return { write: async (value: number) => store.write(await double(value)), read: () => store.read() }
      },
      { errors: (error) => (error instanceof RangeError ? 'fail' : 'info') },
    )
    expect(seen[0]).toBe('a store')
    expect(new Set(seen[1] as unknown[]).size).toBe(1)
    expect(history.filter(({ type }) => type !== 'invoke').map(({ type, value }) => `${type} ${value}`)).toEqual([
      'fail -1',
      'ok null',
      'ok 14',
    ])
    expect(steps.map(({ text }) => text)).toContain('Store.write(-2) fails')
    expect(steps.map(({ text }) => text)).toContain('double(7) → 14')
  })

  it('tell systems about keys, and histories too', async () => {
    const { history } = await runProgram(new Program([[{ f: 'write', input: 1, key: 'x' }]]), inOrder(), () => ({
      write: (value: number, key: string) => `${key}=${value}`,
    }))
    expect(history.map(({ key, value }) => [key, value])).toEqual([
      ['x', 1],
      ['x', 'x=1'],
    ])
  })

  it('take no steps while the system is being made', async () => {
    const { steps } = await runProgram(new Program([[call('read')]]), inOrder(), async (schedule) => {
      const store = storeOf(schedule)
      await store.set('n', 3)
      return { read: () => 3 }
    })
    expect(steps).toEqual([{ client: 0, text: 'read' }])
  })

  it('end where one client waits for what never comes, and leave its operation open', async () => {
    const { history } = await runProgram(new Program([[call('acquire')], [call('acquire'), call('release')]]), inOrder(), (schedule) => {
      const wire = schedule({ ping: () => null })
      let holder = false
      return {
        acquire: async () => {
          await wire.ping()
          if (holder) await new Promise(() => {})
          holder = true
        },
        release: () => {},
      }
    })
    expect(history.map(({ process, type, f }) => `${process} ${type} ${f}`)).toEqual([
      '0 invoke acquire',
      '1 invoke acquire',
      '0 ok acquire',
    ])
    expect(verify(history, mutex).verdict).toBe('holds')
  })

  it('let others go on while a dependency waits inside', async () => {
    const { history } = await runProgram(new Program([[call('take')], [call('give')]]), inOrder(), (schedule) => {
      let give: (value: null) => void = () => {}
      const given = new Promise<null>((resolve) => {
        give = resolve
      })
      const queue = schedule({ take: () => given, give: () => give(null) })
      return { take: () => queue.take(), give: () => queue.give() }
    })
    expect(history.filter(({ type }) => type === 'ok')).toHaveLength(2)
  })

  it('wait for everything that needs no step, however many promises it takes', async () => {
    const { history } = await runProgram(new Program([[call('read')]]), inOrder(), () => ({
      read: async () => {
        for (let i = 0; i < 500; i++) await Promise.resolve()
        return 1
      },
    }))
    expect(history.at(-1)).toMatchObject({ type: 'ok', value: 1 })
  })

  it('end with the clients, whatever goes on in the background', async () => {
    const { steps } = await runProgram(new Program([[call('start'), call('read')]]), inOrder(), (schedule) => {
      const wire = schedule({ ping: () => null })
      const forEver = async (): Promise<never> => {
        for (;;) await wire.ping()
      }
      return {
        start: () => {
          void forEver()
        },
        read: () => wire.ping(),
      }
    })
    expect(steps.length).toBeLessThan(20)
  })

  it('that do not come to rest are an error', async () => {
    const busy = runProgram(new Program([[call('read')]]), inOrder(), (schedule) => {
      const wire = schedule({ ping: () => null })
      return {
        read: async () => {
          for (;;) await wire.ping()
        },
      }
    })
    await expect(busy).rejects.toThrow('do not come to rest in 10000 steps')
  })

  it('throw what an operation throws, unless it says something of the operation', async () => {
    const broken = { read: () => Promise.reject(new TypeError('no such thing')) }
    const program = new Program([[call('read'), call('read')]])
    await expect(runProgram(program, inOrder(), () => broken)).rejects.toThrow('no such thing')
    const { history } = await runProgram(program, inOrder(), () => broken, { errors: () => 'info' })
    expect(history.map(({ process, type }) => `${process} ${type}`)).toEqual(['0 invoke', '0 info', '1 invoke', '1 info'])
    expect(verify(history, register).verdict).toBe('holds')
  })

  it('refuse systems that lack a function, and results that are not plain data', async () => {
    const program = new Program([[call('read')]])
    await expect(runProgram(program, inOrder(), () => ({}))).rejects.toThrow('the system has no function read')
    const cannot = runProgram(program, inOrder(), () => ({ read: () => new Date() }), { errors: () => 'info' })
    await expect(cannot).rejects.toThrow('the result of read is a Date')
  })
})
