import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { StepResult } from '../adapter.ts'
import { Workplace } from '../servers/workplace.ts'
import type { SqlSessions } from '../sql/sql-sessions.ts'
import { connectTo, PostgresServer, postgresPrograms, postgresRemedy } from './postgres-server.ts'
import { PostgresSessions } from './postgres-sessions.ts'

const programs = postgresPrograms()

describe.skipIf(programs === null)(`sessions of PostgreSQL${programs === null ? ` (skipped: ${postgresRemedy})` : ''}`, () => {
  let place: Workplace
  let server: PostgresServer
  let sessions: SqlSessions

  beforeAll(async () => {
    place = new Workplace('postgres-test')
    server = await PostgresServer.start(place, programs as NonNullable<typeof programs>)
    sessions = await PostgresSessions.start(() => connectTo(server.port))
    await sessions.run('setup', "create table t (k text primary key, v int); insert into t values ('x', 0), ('y', 0)")
  }, 60_000)

  afterAll(async () => {
    await sessions.close()
    await place.close()
  })

  const run = (actor: string, statement: string): Promise<StepResult> => sessions.run(actor, statement)

  it('say what a statement came to, and with which code it failed', async () => {
    expect(await run('A', 'select 1, 2')).toEqual({ outcome: { kind: 'ok', value: [[1, 2]] }, completed: [] })
    expect((await run('A', 'select from')).outcome).toMatchObject({ kind: 'error', code: '42601', definite: true })
  })

  it('are blocked by whom the server says, and go on when it ends', async () => {
    await run('A', 'begin')
    await run('B', 'begin')
    await run('A', "update t set v = 1 where k = 'x'")
    expect((await run('B', "update t set v = 2 where k = 'x'")).outcome).toEqual({ kind: 'blocked', on: 'A (transactionid)' })
    const { outcome, completed } = await run('A', 'commit')
    expect(outcome.kind).toBe('ok')
    expect(completed).toEqual([{ actor: 'B', outcome: { kind: 'ok', value: [] } }])
    await run('B', 'rollback')
  })

  it('see a deadlock end with a victim', async () => {
    for (const actor of ['A', 'B']) await run(actor, 'begin')
    await run('A', "update t set v = 1 where k = 'x'")
    await run('B', "update t set v = 1 where k = 'y'")
    expect((await run('A', "update t set v = 1 where k = 'y'")).outcome.kind).toBe('blocked')
    const { outcome, completed } = await run('B', "update t set v = 1 where k = 'x'")
    const codes = [outcome, ...completed.map((one) => one.outcome)].map((one) => (one.kind === 'error' ? one.code : one.kind))
    expect(codes.sort()).toEqual(['40P01', 'ok'])
    for (const actor of ['A', 'B']) await run(actor, 'rollback')
  })
})
