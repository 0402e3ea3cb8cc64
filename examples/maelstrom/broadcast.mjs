/** Broadcast: every value goes to every other node, again and again until that node has acknowledged it. */
import { Node } from './node.mjs'

const node = new Node()
const known = new Set()

node.on('topology', () => ({ type: 'topology_ok' }))
node.on('read', () => ({ type: 'read_ok', messages: [...known] }))
node.on('broadcast', ({ message }) => {
  learn(message)
  return { type: 'broadcast_ok' }
})
node.on('tell', ({ value }) => {
  learn(value)
  return { type: 'tell_ok' }
})

function learn(value) {
  if (known.has(value)) return
  known.add(value)
  for (const other of node.others) tell(other, value)
}

function tell(other, value) {
  const again = setInterval(ask, 500)
  void ask()

  async function ask() {
    await node.ask(other, { type: 'tell', value })
    clearInterval(again)
  }
}

node.run()
