/** A linearizable map that keeps everything in the service lin-kv. */
import { Node } from './node.mjs'

const node = new Node()

for (const type of ['read', 'write', 'cas'])
  node.on(type, async ({ key, value, from, to }) => {
    const { in_reply_to: _, msg_id: __, ...answer } = await node.ask('lin-kv', { type, key, value, from, to })
    return answer
  })

node.run()
