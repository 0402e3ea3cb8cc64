/**
 * A link between two nodes as a proxy on the loopback interface: whoever would connect to the target connects here. What goes in each
 * direction passes, is held until it is released, or is dropped; a link that is cut resets its connections and refuses new ones. TCP
 * is a stream of bytes: what is held is not a message, but everything from some moment on, in order.
 */
import { connect, createServer, type Server, type Socket } from 'node:net'

/** From the one who connects to the target, or from the target. */
export type Direction = 'there' | 'back'
export type LinkMode = 'pass' | 'hold' | 'drop'

interface Connection {
  readonly sockets: Readonly<Record<Direction, Socket>>
  readonly held: Readonly<Record<Direction, Buffer[]>>
}

export class Link {
  /** How many bytes have come through, and how many are held, in each direction. */
  readonly passed: Record<Direction, number> = { there: 0, back: 0 }
  readonly held: Record<Direction, number> = { there: 0, back: 0 }
  readonly #target: number
  readonly #modes: Record<Direction, LinkMode> = { there: 'pass', back: 'pass' }
  readonly #connections = new Set<Connection>()
  readonly #server: Server
  #isCut = false

  /** @param target the port that is connected to */
  constructor(target: number) {
    this.#target = target
    this.#server = createServer((from) => this.#accept(from))
  }

  /** @returns the port to connect to instead of the target */
  listen(port = 0): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject)
      this.#server.listen(port, '127.0.0.1', () => {
        const address = this.#server.address()
        resolve(typeof address === 'object' && address !== null ? address.port : port)
      })
    })
  }

  /** What was held goes on as soon as the mode is another one: it passes, or is lost. */
  set(direction: Direction, mode: LinkMode): void {
    this.#modes[direction] = mode
    if (mode === 'hold') return
    for (const { sockets, held } of this.#connections) {
      for (const chunk of held[direction].splice(0)) if (mode === 'pass') this.#pass(sockets, direction, chunk)
    }
    this.held[direction] = 0
  }

  cut(): void {
    this.#isCut = true
    for (const { sockets } of this.#connections) for (const socket of Object.values(sockets)) reset(socket)
    this.#connections.clear()
    this.held.there = this.held.back = 0
  }

  mend(): void {
    this.#isCut = false
  }

  close(): Promise<void> {
    this.cut()
    return new Promise((resolve) => this.#server.close(() => resolve()))
  }

  #accept(from: Socket): void {
    if (this.#isCut) {
      from.resetAndDestroy()
      return
    }
    const to = connect(this.#target, '127.0.0.1')
    const connection: Connection = { sockets: { there: to, back: from }, held: { there: [], back: [] } }
    this.#connections.add(connection)
    for (const [socket, direction] of [
      [from, 'there'],
      [to, 'back'],
    ] as const) {
      socket.setNoDelay(true)
      socket.on('data', (chunk) => this.#receive(connection, direction, chunk))
      for (const end of ['error', 'close'] as const)
        socket.on(end, () => {
          this.#connections.delete(connection)
          from.destroy()
          to.destroy()
        })
    }
  }

  #receive({ sockets, held }: Connection, direction: Direction, chunk: Buffer): void {
    const mode = this.#modes[direction]
    if (mode === 'pass') this.#pass(sockets, direction, chunk)
    if (mode !== 'hold') return
    held[direction].push(chunk)
    this.held[direction] += chunk.length
  }

  #pass(sockets: Connection['sockets'], direction: Direction, chunk: Buffer): void {
    this.passed[direction] += chunk.length
    sockets[direction].write(chunk)
  }
}

/** Node leaves a handle open that is reset while it says its own farewell. */
function reset(socket: Socket): void {
  if (socket.writableEnded) socket.destroy()
  else socket.resetAndDestroy()
}
