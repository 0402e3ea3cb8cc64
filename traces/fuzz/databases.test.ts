/** Walks of the model of transactions on real databases; what they do is known from the traces that are replayed there. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { transactions } from '../../models/index.ts'
import { PostgresServer, postgresPrograms, postgresRemedy } from '../replay/postgres/postgres-server.ts'
import { Workplace } from '../replay/servers/workplace.ts'
import { required } from '../replay/target.ts'
import { targetNamed } from '../replay/targets.ts'
import { repeats } from '../replay/testing/repeats.ts'
import { type FuzzOptions, type FuzzResult, fuzz } from './fuzz.ts'

const walks = (name: string, control: string, workload: string, options: FuzzOptions): Promise<FuzzResult> =>
  fuzz(transactions, targetNamed(name), { constants: { control, workload }, runs: 12, ...options })

const skipped = (name: string): string => {
  const missing = targetNamed(name).missing()
  return missing === null ? '' : ` (skipped: ${missing})`
}

describe.skipIf(skipped('postgres') !== '')(`walks of transactions on PostgreSQL${skipped('postgres')}`, () => {
  const workplace = new Workplace('fuzz')
  let url = ''
  beforeAll(async () => {
    const { port } = await PostgresServer.start(workplace, required(postgresPrograms(), postgresRemedy))
    url = `postgres://postgres@127.0.0.1:${port}/postgres`
  })
  afterAll(() => workplace.close())

  it('conform to reading what is committed', { repeats }, async () => {
    const result = await walks('postgres', 'mvcc-read-committed', 'lost-update', { url, level: 'read committed' })
    expect(result).toMatchObject({ verdict: 'conforms', runs: { taken: 12, conforming: 12 }, branches: 0 })
  })

  it('conform to snapshots where the first to update wins, with the errors of the others', { repeats }, async () => {
    const result = await walks('postgres', 'snapshot-first-updater-wins', 'lost-update', { url, level: 'repeatable read' })
    expect(result).toMatchObject({ verdict: 'conforms', runs: { taken: 12, conforming: 12 } })
  })

  it('are prevented where it is stricter than the model, which is no divergence', { repeats }, async () => {
    const result = await walks('postgres', 'snapshot-first-updater-wins', 'write-skew', { url, level: 'serializable' })
    expect(result).toMatchObject({ verdict: 'conforms', prevented: { 'error 40001': result.runs.prevented } })
    expect(result.runs.prevented).toBeGreaterThan(0)
  })

  it('diverge where it reads otherwise than the model', { repeats }, async () => {
    const result = await walks('postgres', 'mvcc-read-committed', 'fuzzy-read', { url, level: 'repeatable read' })
    expect(result).toMatchObject({ verdict: 'diverged', divergence: { isRepeatable: true } })
    expect(result.divergence?.trace.steps).toHaveLength(5)
  })
})

describe.skipIf(skipped('mariadb') !== '')(`walks of transactions on MariaDB${skipped('mariadb')}`, () => {
  it('diverge from snapshots: its repeatable read writes over what is newer', { repeats }, async () => {
    const result = await walks('mariadb', 'snapshot-first-updater-wins', 'lost-update', { level: 'repeatable read' })
    expect(result).toMatchObject({ verdict: 'diverged', divergence: { isRepeatable: true } })
    expect(result.divergence?.trace.message).toMatch(/T\d: write x := \d: ok; the model allows error$/)
  })
})
