/** The protocol, for the nodes beside this file: messages come as lines of JSON on standard input, and go out on standard output. */
import { createInterface } from 'node:readline'

export class Node {
  id = ''
  others = []
  #handlers = new Map()
  #waiting = new Map()
  #last = 0

  /** What is done with requests of a type: returns the body of the answer, or a promise of it. */
  on(type, handler) {
    this.#handlers.set(type, handler)
  }

  send(dest, body) {
    process.stdout.write(`${JSON.stringify({ src: this.id, dest, body })}\n`)
  }

  /** Asks, and waits for the answer; nothing more than that, if there is none. */
  ask(dest, body) {
    const id = ++this.#last
    this.send(dest, { ...body, msg_id: id })
    return new Promise((resolve) => this.#waiting.set(id, resolve))
  }

  run() {
    createInterface({ input: process.stdin }).on('line', (line) => void this.#receive(JSON.parse(line)))
  }

  async #receive({ src, body }) {
    if (body.in_reply_to !== undefined) {
      this.#waiting.get(body.in_reply_to)?.(body)
      this.#waiting.delete(body.in_reply_to)
      return
    }
    if (body.type === 'init') {
      this.id = body.node_id
      this.others = body.node_ids.filter((id) => id !== body.node_id)
      this.send(src, { type: 'init_ok', in_reply_to: body.msg_id })
      return
    }
    const handler = this.#handlers.get(body.type)
    const answer = handler ? await handler(body, src) : { type: 'error', code: 10, text: `${body.type} is not supported` }
    if (body.msg_id !== undefined) this.send(src, { ...answer, in_reply_to: body.msg_id })
  }
}
