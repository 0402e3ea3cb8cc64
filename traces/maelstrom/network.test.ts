import { describe, expect, it } from 'vitest'
import { Network } from './network.ts'

const message = (src: string, dest: string, type = 'tell') => ({ src, dest, body: { type } })
const ids = (network: Network): readonly string[] => network.pool.map(({ id }) => id)

describe('the network', () => {
  it('names messages by sender, receiver and type, and counts them', () => {
    const network = new Network()
    for (const one of [message('n1', 'n2'), message('n1', 'n2'), message('n2', 'n1'), message('n1', 'n2', 'ask')]) network.post(one, '')
    expect(ids(network)).toEqual(['n1>n2 tell 1', 'n1>n2 tell 2', 'n2>n1 tell 1', 'n1>n2 ask 1'])
  })

  it('gives a message out once, and a copy once more', () => {
    const network = new Network()
    network.post(message('n1', 'n2'), '')
    expect(network.duplicate('n1>n2 tell 1')).toBe(true)
    expect([network.take('n1>n2 tell 1')?.dest, network.take('n1>n2 tell 1')]).toEqual(['n2', null])
    expect(network.take('n1>n2 tell 1 again')?.body).toEqual({ type: 'tell' })
    expect([network.duplicate('n1>n2 tell 1'), ids(network)]).toEqual([false, []])
  })

  it('that is parted loses what is between the groups, on its way and later, until it heals, and nothing else', () => {
    const network = new Network()
    network.post(message('n1', 'n2'), '')
    network.post(message('n2', 'n3'), '')
    network.part([['n1'], ['n2', 'n3']])
    expect(network.post(message('n3', 'n1'), '')).toBeNull()
    for (const one of [message('n3', 'n2'), message('n1', 'lin-kv'), message('c1', 'n1')]) network.post(one, '')
    network.heal()
    network.post(message('n3', 'n1'), '')
    expect(ids(network)).toEqual(['n2>n3 tell 1', 'n3>n2 tell 1', 'n1>lin-kv tell 1', 'c1>n1 tell 1', 'n3>n1 tell 2'])
  })
})
