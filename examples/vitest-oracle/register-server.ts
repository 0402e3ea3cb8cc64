/** A register behind HTTP, with a replica: PUT writes to the primary, GET reads from where it is told to. */
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface RegisterServer {
  write(value: number): Promise<void>
  read(): Promise<number | null>
  close(): Promise<void>
}

interface Options {
  /** Reading from the replica is the bug: it learns of a write only after the client has been told that it is done. */
  readonly readsFrom: 'primary' | 'replica'
  readonly lagMs: number
}

/** Starts a server on a free port, and gives what a client needs of it. */
export async function startRegisterServer({ readsFrom, lagMs }: Options): Promise<RegisterServer> {
  const value: Record<Options['readsFrom'], string> = { primary: 'null', replica: 'null' }
  const server = createServer(async (request, response) => {
    if (request.method === 'PUT') {
      const written = await bodyOf(request)
      value.primary = written
      setTimeout(() => {
        value.replica = written
      }, lagMs)
      response.end()
    } else response.end(value[readsFrom])
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    write: async (written) => {
      await (await fetch(url, { method: 'PUT', body: String(written) })).text()
    },
    read: async () => (await (await fetch(url)).json()) as number | null,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = ''
  for await (const chunk of request) body += String(chunk)
  return body
}
