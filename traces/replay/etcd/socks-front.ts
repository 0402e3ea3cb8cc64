/**
 * What a server connects to through a SOCKS 5 proxy (RFC 1928), on the loopback interface. All members of an etcd cluster must be given
 * the same addresses of each other; through a proxy of its own for each, it is known who connects, and each pair gets a link of its own.
 */
import { connect, createServer, type Server, type Socket } from 'node:net'

export class SocksFront {
  readonly #server: Server
  readonly #sockets = new Set<Socket>()

  /** @param route the port of the loopback interface to connect to, for the one that was asked for */
  constructor(route: (port: number) => number) {
    this.#server = createServer((client) => this.#greet(client, route))
  }

  /** @returns its port */
  listen(): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject)
      this.#server.listen(0, '127.0.0.1', () => {
        const address = this.#server.address()
        resolve(typeof address === 'object' && address !== null ? address.port : 0)
      })
    })
  }

  close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy()
    return new Promise((resolve) => this.#server.close(() => resolve()))
  }

  /** The greeting is answered with "no authentication", and the request, of an IPv4 address, with success. */
  #greet(client: Socket, route: (port: number) => number): void {
    this.#keep(client)
    client.setNoDelay(true)
    client.once('data', () => {
      client.write(Buffer.from([5, 0]))
      client.once('data', (request) => {
        if (request[1] !== connectCommand || request[3] !== addressOfFourBytes) {
          client.destroy()
          return
        }
        const target = connect(route(request.readUInt16BE(8)), '127.0.0.1')
        this.#keep(target)
        target.setNoDelay(true)
        client.write(Buffer.from([5, 0, 0, 1, 0, 0, 0, 0, 0, 0]))
        client.pipe(target)
        target.pipe(client)
        client.once('close', () => target.destroy())
        target.once('close', () => client.destroy())
      })
    })
  }

  #keep(socket: Socket): void {
    this.#sockets.add(socket)
    socket.once('close', () => this.#sockets.delete(socket))
    // Its close follows.
    socket.on('error', () => {})
  }
}

const connectCommand = 1
const addressOfFourBytes = 1
