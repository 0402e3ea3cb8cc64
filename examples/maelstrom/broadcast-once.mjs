/** The same, but every value is sent once: what is lost on the way stays unknown. */
import { Node } from './node.mjs'

const node = new Node()
const known = new Set()

node.on('topology', () => ({ type: 'topology_ok' }))
node.on('read', () => ({ type: 'read_ok', messages: [...known] }))
node.on('broadcast', ({ message }) => {
  known.add(message)
  for (const other of node.others) node.send(other, { type: 'tell', value: message })
  return { type: 'broadcast_ok' }
})
node.on('tell', ({ value }) => void known.add(value))

node.run()
