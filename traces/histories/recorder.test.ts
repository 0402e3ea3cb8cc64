import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { isHistoryError, operations, operationsOf, register, type Spec, verify } from '../../properties/index.ts'
import { readHistoryFile } from './read.ts'
import { recorder } from './recorder.ts'
import { TimeoutError } from './within-time.ts'

const folder = mkdtempSync(join(tmpdir(), 'recorder-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** Resolves when told. */
function gate<T>(): { readonly promise: Promise<T>; readonly open: (value: T) => void; readonly fail: (error: Error) => void } {
  let open: (value: T) => void = () => {}
  let fail: (error: Error) => void = () => {}
  const promise = new Promise<T>((resolve, reject) => {
    open = resolve
    fail = reject
  })
  return { promise, open, fail }
}

const lines = (record: ReturnType<typeof recorder>): string[] =>
  record.history.map(({ process, type, f, value }) => `${process} ${type} ${f} ${JSON.stringify(value)}`)

function ticking(from: number): () => number {
  let now = from - 10
  return () => {
    now += 10
    return now
  }
}

describe('recorded calls', () => {
  it('are stamped when they are invoked and when they return, and give what they wrap gives', async () => {
    const record = recorder({ clock: ticking(10) })
    const client = record.client()
    expect(await client.call('write', 1, async () => 'done')).toBe('done')
    expect(await client.call('read', undefined, () => 1, { key: 'x' })).toBe(1)
    expect(record.history).toEqual([
      { index: 0, process: 0, type: 'invoke', f: 'write', value: 1, time: 10 },
      { index: 1, process: 0, type: 'ok', f: 'write', value: 'done', time: 20 },
      { index: 2, process: 0, type: 'invoke', f: 'read', value: null, key: 'x', time: 30 },
      { index: 3, process: 0, type: 'ok', f: 'read', value: 1, key: 'x', time: 40 },
    ])
  })

  it('have times in nanoseconds that never run backwards', async () => {
    const record = recorder()
    await record.client().call('sleep', null, () => new Promise((resolve) => setTimeout(resolve, 20)))
    const [called = 0, returned = 0] = record.history.map(({ time }) => time)
    expect(called).toBeGreaterThanOrEqual(0)
    expect(returned - called).toBeGreaterThan(10e6)
    expect(returned - called).toBeLessThan(20e9)
  })

  it('keep what the values were, whatever becomes of them', async () => {
    const record = recorder()
    const value = { list: [1] }
    const seen = await record.client().call('write', value, async () => value)
    seen.list.push(2)
    expect(lines(record)).toEqual(['0 invoke write {"list":[1]}', '0 ok write {"list":[1]}'])
  })

  it('record what is made of the result', async () => {
    const record = recorder()
    const answer = await record.client().call('read', null, async () => new Map([['x', 1]]), { result: (map) => map.get('x') })
    expect(answer).toBeInstanceOf(Map)
    expect(lines(record).at(-1)).toBe('0 ok read 1')
  })

  it('of inputs that are not plain data are refused before anything runs', async () => {
    const record = recorder()
    let ran = false
    const run = (): void => {
      ran = true
    }
    await expect(record.client().call('write', [new Date(0)], run)).rejects.toThrow('the input of write[0] is a Date')
    const cyclic: unknown[] = []
    cyclic.push(cyclic)
    await expect(record.client().call('write', cyclic, run)).rejects.toThrow('contains itself')
    expect([ran, record.history]).toEqual([false, []])
  })

  it('of results that are not plain data may have happened, whatever errors mean otherwise', async () => {
    const record = recorder({ errors: () => 'fail' })
    const client = record.client()
    const error = await client.call('read', null, async () => () => 1).catch((caught: unknown) => caught)
    expect(isHistoryError(error) && error.message).toContain('the result of read is a function')
    expect(lines(record)).toEqual(['0 invoke read null', '0 info read null'])
  })
})

describe('errors', () => {
  it('are of unknown outcome unless the caller knows better, and are thrown on', async () => {
    const refused = new Error('refused')
    const record = recorder({ errors: (error, { f }) => (error === refused && f === 'write' ? 'fail' : 'info') })
    const client = record.client()
    await expect(client.call('write', 1, () => Promise.reject(refused))).rejects.toBe(refused)
    await expect(client.call('cas', [1, 2], () => Promise.reject(refused))).rejects.toBe(refused)
    await client.call('write', 3, () => undefined)
    expect(lines(record)).toEqual([
      '0 invoke write 1',
      '0 fail write 1',
      '0 invoke cas [1,2]',
      '0 info cas [1,2]',
      '1 invoke write 3',
      '1 ok write null',
    ])
  })

  it('that are thrown at once are recorded as well', async () => {
    const record = recorder()
    const thrown = (): never => {
      throw new Error('at once')
    }
    await expect(record.client('ada').call('write', 1, thrown)).rejects.toThrow('at once')
    expect(lines(record)).toEqual(['ada invoke write 1', 'ada info write 1'])
  })
})

describe('calls that take too long', () => {
  it('reject, are of unknown outcome, and stay so when they end after all', async () => {
    const record = recorder({ timeoutMs: 5 })
    const client = record.client()
    const late = gate<number>()
    const broken = gate<number>()
    await expect(client.call('read', null, () => late.promise)).rejects.toThrow(
      new TimeoutError('read took longer than 5 ms; nobody knows what came of it'),
    )
    await expect(client.call('write', 1, () => broken.promise, { timeoutMs: 1 })).rejects.toBeInstanceOf(TimeoutError)
    late.open(7)
    broken.fail(new Error('too late to matter'))
    await new Promise((resolve) => setTimeout(resolve, 5))
    expect(lines(record)).toEqual(['0 invoke read null', '0 info read null', '1 invoke write 1', '1 info write 1'])
  })

  it('are those of whatever `errors` says', async () => {
    const record = recorder({ timeoutMs: 1, errors: () => 'fail' })
    await expect(record.client().call('write', 1, () => gate().promise)).rejects.toBeInstanceOf(TimeoutError)
    expect(lines(record).at(-1)).toBe('0 info write 1')
  })

  it('stay open while nobody limits them', () => {
    const record = recorder()
    void record.client().call('write', 1, () => gate().promise)
    expect(lines(record)).toEqual(['0 invoke write 1'])
  })
})

describe('processes', () => {
  it('are one for each operation that is open at a time', async () => {
    const record = recorder()
    const [first, second] = [gate<number>(), gate<number>()]
    const client = record.client('ada')
    const both = Promise.all([client.call('read', null, () => first.promise), client.call('read', null, () => second.promise)])
    await ticks(3)
    second.open(2)
    await ticks(9)
    first.open(1)
    await both
    await client.call('write', 3, () => null)
    expect(record.history.map(({ process, type }) => `${process} ${type}`)).toEqual([
      'ada invoke',
      'ada/0 invoke',
      'ada/0 ok',
      'ada ok',
      'ada/0 invoke',
      'ada/0 ok',
    ])
  })

  it('are of one client only', async () => {
    const record = recorder()
    record.client(1)
    expect(() => record.client('1')).toThrow(RangeError)
    const clients = [record.client(), record.client(), record.client('a')]
    for (const client of clients) await client.call('read', null, () => null)
    expect(record.history.filter(({ type }) => type === 'ok').map(({ process }) => process)).toEqual([0, 2, 'a'])
  })
})

describe('histories of random clients', () => {
  const call = fc.record({
    client: fc.nat(2),
    f: fc.constantFrom('read', 'write'),
    before: fc.nat(3),
    after: fc.nat(3),
    ends: fc.constantFrom('ok', 'ok', 'throws', 'refused', 'hangs', 'late'),
  })

  it('are such as clients can produce, and a register that does as it says is linearizable', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(call, { maxLength: 14 }), fc.boolean(), async (calls, together) => {
        const record = recorder({ errors: (error) => (error instanceof RangeError ? 'fail' : 'info') })
        const clients = [record.client(), record.client('b'), record.client()]
        let value = 0
        const running = calls.map(async ({ client, f, before, after, ends }, i) => {
          // Some clients do one thing after another, some many at once.
          if (!together) await ticks(3 * i)
          const run = async (): Promise<number> => {
            await ticks(before)
            if (ends === 'refused') throw new RangeError('did not happen')
            if (ends === 'hangs') await gate().promise
            if (f === 'write') value = i
            const seen = value
            await ticks(after)
            if (ends === 'throws') throw new Error('happened')
            if (ends === 'late') await gate().promise
            return f === 'read' ? seen : (null as never)
          }
          await clients[client]?.call(f, f === 'write' ? i : null, run).catch(() => {})
        })
        await Promise.race([Promise.all(running), ticks(200)])
        operations(record.history)
        operationsOf(record.history, register as unknown as Spec)
        expect(verify(record.history, register, { initial: 0 }).verdict).toBe('holds')
      }),
      { numRuns: 1000 },
    )
  })

  it('show a register that forgets', async () => {
    const record = recorder()
    const client = record.client()
    await client.call('write', 1, () => null)
    await client.call('read', null, () => 0)
    expect(verify(record.history, register, { initial: 0 }).verdict).toBe('violated')
  })
})

describe('files', () => {
  it.each(['history.edn', 'deep/er/history.json'])('are written whole: %s', async (name) => {
    const record = recorder({ clock: ticking(0) })
    const client = record.client()
    await client.call('write', 1, () => null)
    await client.call('read', null, () => 1)
    const path = join(folder, name)
    record.save(path)
    expect(
      readFileSync(path, 'utf8').startsWith(name.endsWith('.edn') ? '; counterpoint: --nil value\n{:process 0' : '{"counterpoint"'),
    ).toBe(true)
    expect(readHistoryFile(path).history).toEqual(record.history)
  })

  it('are as they were, with nothing beside them, when they cannot be written', () => {
    const path = join(folder, 'occupied')
    const record = recorder()
    record.save(join(path, 'inside.json'))
    expect(() => record.save(path)).toThrow()
    expect(existsSync(join(path, 'inside.json'))).toBe(true)
    expect(readdirSync(folder).filter((name) => name.endsWith('.tmp'))).toEqual([])
    writeFileSync(join(folder, 'file'), '')
    expect(() => record.save(join(folder, 'file', 'inside.json'))).toThrow()
  })
})

async function ticks(count: number): Promise<void> {
  for (let i = 0; i < count; i++) await Promise.resolve()
}
