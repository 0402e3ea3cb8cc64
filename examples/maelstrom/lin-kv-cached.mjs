/** The same, but reads come from a cache: nobody tells it of what other nodes have written. */
import { Node } from './node.mjs'

const node = new Node()
const cache = new Map()

node.on('read', async ({ key }) => {
  if (cache.has(key)) return { type: 'read_ok', value: cache.get(key) }
  const { type, value, code, text } = await node.ask('lin-kv', { type: 'read', key })
  if (type !== 'read_ok') return { type, code, text }
  cache.set(key, value)
  return { type, value }
})

node.on('write', async ({ key, value }) => {
  const { type } = await node.ask('lin-kv', { type: 'write', key, value })
  cache.set(key, value)
  return { type }
})

node.on('cas', async ({ key, from, to }) => {
  const { type, code, text } = await node.ask('lin-kv', { type: 'cas', key, from, to })
  if (type === 'cas_ok') cache.set(key, to)
  return { type, code, text }
})

node.run()
