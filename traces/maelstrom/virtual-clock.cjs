/**
 * Loaded by Node before a program under test (`--require`): time stands still until the tester moves it, and chance is seeded, so that the
 * same messages in the same order give the same run. Commands come as lines on file descriptor 3, `{ id, read, advance }`: once so many
 * bytes of the standard input are read and the program has come to rest, time moves by so many milliseconds, timer by timer, and when it
 * rests again a line on standard output, behind everything that the program has written before, says so.
 */
'use strict'

const settings = process.env.COUNTERPOINT_NODE

if (settings !== undefined) {
  // Programs that this one starts have clocks of their own.
  delete process.env.COUNTERPOINT_NODE
  process.env.NODE_OPTIONS = (process.env.NODE_OPTIONS ?? '').replace(/(^| )--require[= ]"?[^"]*virtual-clock\.cjs"?/, '')
  install(JSON.parse(settings))
}

function install({ seed, mark }) {
  const net = require('node:net')
  const timersModule = require('node:timers')
  const timersPromises = require('node:timers/promises')
  const { performance } = require('node:perf_hooks')
  const crypto = require('node:crypto')
  const { promisify } = require('node:util')
  const { syncBuiltinESMExports } = require('node:module')

  const later = setImmediate
  const hold = setInterval
  const release = clearInterval
  const realNow = Date.now
  const RealDate = Date
  const out = process.stdout
  const write = out.write.bind(out)
  const start = RealDate.UTC(2020, 0, 1)
  const timers = new Map()
  let now = 0
  let last = 0
  let holding = null

  class Timer {
    constructor(run, delay, every) {
      this.id = ++last
      this.run = run
      this.delay = wholeDelay(delay)
      this.every = every
      this.isRef = true
      this.refresh()
    }
    refresh() {
      this.at = now + this.delay
      timers.set(this.id, this)
      keepAlive()
      return this
    }
    ref() {
      this.isRef = true
      keepAlive()
      return this
    }
    unref() {
      this.isRef = false
      keepAlive()
      return this
    }
    hasRef() {
      return this.isRef
    }
    close() {
      clear(this)
      return this
    }
    [Symbol.toPrimitive]() {
      return this.id
    }
  }

  function wholeDelay(delay) {
    const milliseconds = Math.ceil(Number(delay))
    return milliseconds >= 1 && milliseconds <= 2 ** 31 - 1 ? milliseconds : 1
  }

  /** A real timer keeps the program running where one of the virtual ones would. */
  function keepAlive() {
    const needed = [...timers.values()].some(({ isRef }) => isRef)
    if (needed && holding === null) holding = hold(() => {}, 2 ** 30)
    if (!needed && holding !== null) {
      release(holding)
      holding = null
    }
  }

  function clear(timer) {
    if (timer === undefined || timer === null) return
    timers.delete(typeof timer === 'object' ? timer.id : Number(timer))
    keepAlive()
  }

  const startTimeout = (run, delay, ...args) => new Timer(() => run(...args), delay, false)
  const startInterval = (run, delay, ...args) => new Timer(() => run(...args), delay, true)

  const sleep = (delay, value, { signal } = {}) =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason)
      const timer = startTimeout(() => resolve(value), delay)
      signal?.addEventListener('abort', () => {
        clear(timer)
        reject(signal.reason)
      })
    })
  async function* everySo(delay, value, options) {
    for (;;) yield await sleep(delay, value, options)
  }
  startTimeout[promisify.custom] = sleep

  const replaced = { setTimeout: startTimeout, setInterval: startInterval, clearTimeout: clear, clearInterval: clear }
  Object.assign(globalThis, replaced)
  Object.assign(timersModule, replaced)
  timersPromises.setTimeout = sleep
  timersPromises.setInterval = everySo
  timersPromises.scheduler.wait = (delay, options) => sleep(delay, undefined, options)
  AbortSignal.timeout = (delay) => {
    const controller = new AbortController()
    startTimeout(() => controller.abort(new DOMException('The operation was aborted due to timeout', 'TimeoutError')), delay)
    return controller.signal
  }

  globalThis.Date = new Proxy(RealDate, {
    construct: (target, args, made) => Reflect.construct(target, args.length === 0 ? [start + now] : args, made === Date ? target : made),
    apply: () => new RealDate(start + now).toString(),
    get: (target, name) => (name === 'now' ? () => start + now : Reflect.get(target, name)),
  })
  RealDate.prototype.constructor = globalThis.Date
  Object.defineProperty(performance, 'now', { value: () => now })
  Object.defineProperty(performance, 'timeOrigin', { value: start })
  process.uptime = () => now / 1000
  process.hrtime = Object.assign(
    (since = [0, 0]) => {
      const nanoseconds = now * 1e6 - since[0] * 1e9 - since[1]
      return [Math.floor(nanoseconds / 1e9), nanoseconds % 1e9]
    },
    { bigint: () => BigInt(now) * 1_000_000n },
  )

  Math.random = seeded(seed)
  const bytes = (array) => {
    const view = new Uint8Array(array.buffer, array.byteOffset, array.byteLength)
    for (let i = 0; i < view.length; i++) view[i] = Math.floor(Math.random() * 256)
    return array
  }
  const uuid = () => {
    const raw = bytes(Buffer.alloc(16))
    raw[6] = (raw[6] & 0x0f) | 0x40
    raw[8] = (raw[8] & 0x3f) | 0x80
    return raw.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
  }
  crypto.randomUUID = uuid
  crypto.randomFillSync = bytes
  crypto.randomBytes = (size, callback) => {
    const made = bytes(Buffer.alloc(size))
    if (callback === undefined) return made
    process.nextTick(callback, null, made)
  }
  crypto.randomInt = (low, high, callback) => {
    const [from, to, done] = typeof high === 'number' ? [low, high, callback] : [0, low, high]
    const made = from + Math.floor(Math.random() * (to - from))
    if (done === undefined) return made
    process.nextTick(done, null, made)
  }
  Object.defineProperty(globalThis.crypto, 'getRandomValues', { value: bytes })
  Object.defineProperty(globalThis.crypto, 'randomUUID', { value: uuid })
  syncBuiltinESMExports()

  const commands = new net.Socket({ fd: 3, readable: true, writable: false })
  let rest = ''
  let turn = Promise.resolve()
  commands.setEncoding('utf8')
  commands.on('data', (chunk) => {
    const lines = (rest + chunk).split('\n')
    rest = lines.pop()
    for (const line of lines) turn = turn.then(() => obey(JSON.parse(line)))
  })
  commands.on('error', () => {})
  commands.unref()

  async function obey({ id, read, advance }) {
    const hasRead = await rests(read)
    if (hasRead && advance > 0) await advanceTo(now + advance, read)
    const ahead = [...timers.values()].map(({ at }) => at - now)
    const next = ahead.length === 0 ? null : Math.min(...ahead)
    write(`${mark}${JSON.stringify({ id, hasRead, next })}\n`)
  }

  async function advanceTo(end, read) {
    for (;;) {
      const due = [...timers.values()].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at || a.id - b.id)[0]
      if (due === undefined) break
      now = Math.max(now, due.at)
      if (due.every) due.at = now + due.delay
      else clear(due)
      // In a turn of its own, so that what it throws is uncaught, as ever.
      later(due.run)
      await rests(read)
    }
    now = end
  }

  /** Comes true when the input is read and nothing is left to do but to wait for more of it or for time. */
  function rests(read) {
    const patience = realNow() + 15_000
    let quiet = 0
    let turns = 0
    return new Promise((resolve) => {
      const look = () => {
        turns++
        const hasRead = process.stdin.bytesRead >= read
        quiet = hasRead && !isBusy() ? quiet + 1 : 0
        if (quiet === 3) resolve(true)
        // A program that polls in turns without end never rests; it has had its chance.
        else if (hasRead && turns > 20_000) resolve(true)
        else if (!hasRead && turns % 1000 === 0 && realNow() > patience) resolve(false)
        else later(look)
      }
      later(look)
    })
  }

  function isBusy() {
    return process.getActiveResourcesInfo().some((name) => /Req|Job|Immediate/.test(name))
  }
}

/** Numbers from 0 to 1 (mulberry32). */
function seeded(seed) {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
