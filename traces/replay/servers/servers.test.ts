import { spawn } from 'node:child_process'
import { existsSync, writeFileSync } from 'node:fs'
import { connect, createServer, Socket } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { Link } from './link.ts'
import { ServerError, Workplace } from './workplace.ts'

const closing: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

function workplace(): Workplace {
  const made = new Workplace('test')
  closing.push(() => made.close())
  return made
}

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

async function until(condition: () => boolean): Promise<void> {
  for (let i = 0; !condition(); i++) {
    if (i > 500) throw new Error('it did not become so within 5 s')
    await sleep(10)
  }
}

const listening = (port: number) => `require('node:net').createServer((s) => s.pipe(s)).listen(${port}, '127.0.0.1')`
const canConnect = (port: number) => () =>
  new Promise<boolean>((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy()
      resolve(true)
    }).on('error', () => resolve(false))
  })

describe('a workplace', () => {
  it('starts a server, waits until it is ready, and leaves nothing behind', async () => {
    const place = new Workplace('test')
    const port = await place.freePort()
    const options = { name: 'echo', command: process.execPath, args: ['-e', listening(port)], isReady: canConnect(port) }
    const server = await place.start(options)
    expect(await canConnect(port)()).toBe(true)
    await place.close()
    expect([isAlive(server.pid), existsSync(place.folder)]).toEqual([false, false])
  })

  it('says what a server said that ends instead', async () => {
    const place = workplace()
    const options = { name: 'broken', command: process.execPath, args: ['-e', 'console.log("no such database"); process.exit(1)'] }
    const start = place.start({ ...options, isReady: () => Promise.resolve(false) })
    await expect(start).rejects.toThrow(new ServerError('broken has ended while it started: no such database'))
  })

  it('says so where a program is not there, and where a server is not ready in time', async () => {
    const place = workplace()
    const isReady = () => Promise.resolve(false)
    await expect(place.start({ name: 'none', command: '/no/such/program', args: [], isReady })).rejects.toThrow('none has ended')
    const slow = { name: 'slow', command: process.execPath, args: ['-e', 'setTimeout(() => {}, 60000)'], isReady, readyWithinMs: 50 }
    await expect(place.start(slow)).rejects.toThrow('slow was not ready after 0.05 s')
  })

  it('pauses a server and lets it go on', async () => {
    const place = workplace()
    const port = await place.freePort()
    const server = await place.start({ name: 'echo', command: process.execPath, args: ['-e', listening(port)], isReady: canConnect(port) })
    const socket = connect(port, '127.0.0.1')
    let heard = ''
    socket.on('data', (chunk) => {
      heard += String(chunk)
    })
    server.pause()
    socket.write('hello')
    await sleep(50)
    expect(heard).toBe('')
    server.resume()
    await until(() => heard === 'hello')
    socket.destroy()
  })

  it('is cleared when its process is killed', async () => {
    const place = workplace()
    const script = join(place.folder, 'run.mts')
    const module = join(import.meta.dirname, 'workplace.ts')
    writeFileSync(
      script,
      `import { Workplace } from ${JSON.stringify(module)}
const place = new Workplace('killed')
const server = await place.start({ name: 'sleeper', command: process.execPath, args: ['-e', 'setTimeout(() => {}, 60000)'], isReady: async () => true })
console.log(JSON.stringify([server.pid, place.folder]))
setTimeout(() => {}, 60000)`,
    )
    const run = spawn(process.execPath, ['--import', 'tsx', script], { stdio: ['ignore', 'pipe', 'inherit'] })
    const line = await new Promise<string>((resolve) => run.stdout.once('data', (chunk) => resolve(String(chunk))))
    const [pid, folder] = JSON.parse(line) as [number, string]
    expect([isAlive(pid), existsSync(folder)]).toEqual([true, true])
    run.kill('SIGKILL')
    await until(() => !isAlive(pid) && !existsSync(folder))
  })
})

describe('a link', () => {
  async function pair() {
    const received: string[] = []
    let other: Socket | undefined
    const target = createServer((socket) => {
      other = socket
      socket.on('data', (chunk) => received.push(String(chunk)))
      socket.on('error', () => {})
    })
    await new Promise<void>((resolve) => target.listen(0, '127.0.0.1', resolve))
    const link = new Link((target.address() as { port: number }).port)
    const port = await link.listen()
    const socket = connect(port, '127.0.0.1')
    const heard: string[] = []
    let isReset = false
    socket.on('data', (chunk) => heard.push(String(chunk)))
    socket.on('error', () => {
      isReset = true
    })
    closing.push(async () => {
      socket.destroy()
      await link.close()
      target.close()
    })
    await until(() => other !== undefined)
    return { link, port, socket, received, heard, answer: (text: string) => other?.write(text), isReset: () => isReset }
  }

  it('passes what goes there and back', async () => {
    const { link, socket, received, heard, answer } = await pair()
    socket.write('a')
    await until(() => received.join('') === 'a')
    answer('b')
    await until(() => heard.join('') === 'b')
    expect(link.passed).toEqual({ there: 1, back: 1 })
  })

  it('holds one direction until it is released, in order', async () => {
    const { link, socket, received, heard, answer } = await pair()
    link.set('there', 'hold')
    socket.write('a')
    await until(() => link.held.there === 1)
    socket.write('b')
    answer('c')
    await until(() => heard.join('') === 'c' && link.held.there === 2)
    expect(received).toEqual([])
    link.set('there', 'pass')
    await until(() => received.join('') === 'ab')
    expect(link.held.there).toBe(0)
  })

  it('drops what goes on while it does, and what it had held', async () => {
    const { link, socket, received } = await pair()
    link.set('there', 'hold')
    socket.write('a')
    await until(() => link.held.there === 1)
    link.set('there', 'drop')
    socket.write('b')
    await sleep(30)
    link.set('there', 'pass')
    socket.write('c')
    await until(() => received.join('') === 'c')
  })

  it('leaves nothing open where it is closed at the moment in which a connection ends', async () => {
    const open = (): number => process.getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap').length
    const before = open()
    const { link, port, socket } = await pair()
    const end = Socket.prototype.end
    const closed = new Promise<void>((resolve) => {
      vi.spyOn(Socket.prototype, 'end').mockImplementation(function (this: Socket, ...args) {
        const ended = end.apply(this, args)
        if (this.localPort === port) void link.close().then(resolve)
        return ended
      })
    })
    socket.end()
    await closed
    vi.restoreAllMocks()
    await until(() => open() <= before)
  })

  it('that is cut resets its connections and refuses others until it is mended', async () => {
    const { link, port, isReset } = await pair()
    link.cut()
    await until(isReset)
    const connected = () =>
      new Promise<boolean>((resolve) => {
        const socket = connect(port, '127.0.0.1')
        socket.on('error', () => resolve(false))
        socket.on('connect', () => setTimeout(() => resolve(!socket.destroyed), 50))
      })
    expect(await connected()).toBe(false)
    link.mend()
    expect(await connected()).toBe(true)
  })
})
