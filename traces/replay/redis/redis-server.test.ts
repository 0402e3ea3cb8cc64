/** Private Redis servers, and what commands come to. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Workplace } from '../servers/workplace.ts'
import { RedisConnection, RedisServer, redisProgram, redisRemedy } from './redis-server.ts'

const program = redisProgram()

describe.skipIf(program === null)(`a private Redis server${program === null ? ` (${redisRemedy})` : ''}`, () => {
  let place: Workplace
  let server: RedisServer

  beforeAll(async () => {
    place = new Workplace('redis-test')
    server = await RedisServer.start(place, program ?? '')
  })
  afterAll(() => place?.close())

  it('answers commands, and tells its errors by their codes', async () => {
    const connection = await RedisConnection.open(server.address)
    expect(await connection.version()).toMatch(/^\d+\.\d+/)
    expect(await connection.command('SET', 'x', 1)).toEqual({ kind: 'ok', value: 'OK' })
    expect(await connection.command('SET', 'x', 2, 'NX')).toEqual({ kind: 'ok', value: null })
    expect(await connection.command('GET', 'x')).toEqual({ kind: 'ok', value: '1' })
    expect(await connection.command('LPUSH', 'x', 1)).toMatchObject({ kind: 'error', code: 'WRONGTYPE', definite: true })
    await expect(connection.ask('NONE')).rejects.toThrow('unknown command')
    connection.close()
  })

  it('keeps nothing after a crash, and connections do not come back by themselves', async () => {
    const connection = await RedisConnection.open(server.address)
    await connection.ask('SET', 'y', 1)
    const waiting = connection.command('BLPOP', 'nothing', 0)
    await server.crash()
    expect(await waiting).toMatchObject({ kind: 'error', code: 'lost', definite: false })
    await server.restart()
    expect(await connection.command('GET', 'y')).toMatchObject({ kind: 'error', code: 'not connected', definite: true })
    const next = await RedisConnection.open(server.address)
    expect(await next.command('GET', 'y')).toEqual({ kind: 'ok', value: null })
    next.close()
    connection.close()
  })

  it('says where nobody answers, without the password', async () => {
    const port = await place.freePort()
    await expect(RedisConnection.open({ url: `redis://me:secret@127.0.0.1:${port}/0` })).rejects.toThrow(
      `no Redis server answers at redis://127.0.0.1:${port}/0`,
    )
  })
})
