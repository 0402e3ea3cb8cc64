/**
 * One run of a workload on nodes, with us as the network, the services and the clients: a scheduler decides step by step what happens.
 * When it has had enough, the network heals, everything on its way arrives in order, and where the workload wants it every node is read.
 */
import type { HistoryEvent, Value } from '../../properties/index.ts'
import { type Body, definiteErrors, errorText, type Message, NodeFault, readMessage, shortened } from './message.ts'
import { Network, type Sent } from './network.ts'
import type { NodeProcess, Program } from './node-process.ts'
import type { Scheduler, Step, View } from './schedule.ts'
import { startServices } from './services.ts'
import { BadAnswer, type Operation, type Session, type Workload } from './workloads/workload.ts'

export interface SimulationOptions {
  readonly workload: Workload
  /** Fresh ones, `n1` first; they are killed at the end. */
  readonly nodes: readonly NodeProcess[]
  readonly clock: Program['clock']
  readonly clients: number
  /** What clients do, if the scheduler lets them; dealt out one after the other. */
  readonly operations: readonly Operation[]
  readonly signal?: AbortSignal
}

export interface Simulated {
  /** What the scheduler has decided. */
  readonly steps: readonly Step[]
  /** The messages that moved, of the whole run. */
  readonly log: readonly LogEntry[]
  readonly history: readonly HistoryEvent<Value>[]
  readonly nodeOf: ReadonlyMap<string, string>
  readonly finalFrom: number
  /** Whether all nodes have said that they are there. */
  readonly isSetUp: boolean
  /** Why it ended early. */
  readonly fault: NodeFault | null
  readonly interrupted: boolean
  /** Of operations that ended in an error, by its text. */
  readonly errors: ReadonlyMap<string, number>
}

export interface LogEntry {
  readonly step: Step
  readonly message: Message | null
  /** It was not decided by the scheduler. */
  readonly isClosing: boolean
}

/** How long clients wait, in milliseconds of the nodes' clock. */
const patience = 5000
/** How long a node gets to say that it is there. */
const startingMax = 15_000
/** How long everything gets to arrive after the network has healed, in the same, and at most at once. */
const recovery = { virtual: { total: 10_000, most: 500 }, real: { total: 3000, most: 50 } } as const
/** Messages that arrive without time passing before nodes are taken to talk for ever. */
const pumpMax = 3000

export async function simulate(options: SimulationOptions, scheduler: Scheduler): Promise<Simulated> {
  const run = new Simulation(options)
  return run.run(scheduler)
}

interface Client {
  readonly name: string
  readonly node: string
  readonly session: Session
  /** Clients whose operation ended in nobody knows what go on under another name. */
  process: string
  crashes: number
  requests: number
  open: { readonly operation: Operation; readonly request: number; readonly until: number } | null
}

class Simulation {
  readonly #options: SimulationOptions
  readonly #network = new Network()
  readonly #services = startServices()
  readonly #nodes: readonly NodeProcess[]
  readonly #timers = new Map<string, number | null>()
  readonly #clients: Client[] = []
  readonly #asked = new Map<string, Set<number>>()
  readonly #history: HistoryEvent<Value>[] = []
  readonly #nodeOf = new Map<string, string>()
  readonly #errors = new Map<string, number>()
  readonly #steps: Step[] = []
  readonly #log: LogEntry[] = []
  readonly #started = performance.now()
  #virtualTime = 0
  #chain = ''
  #chains = 0
  #isFirstOfChain = true
  #isClosing = false
  #answers = 0

  constructor(options: SimulationOptions) {
    this.#options = options
    this.#nodes = options.nodes
  }

  async run(scheduler: Scheduler): Promise<Simulated> {
    let fault: NodeFault | null = null
    let isSetUp = false
    let finalFrom = Number.POSITIVE_INFINITY
    try {
      await this.#begin()
      isSetUp = true
      for (;;) {
        if (this.#isInterrupted) break
        const step = scheduler.next(this.#view())
        if (step === null) break
        this.#steps.push(step)
        await this.#take(step)
      }
      this.#isClosing = true
      await this.#close()
      finalFrom = this.#history.length
      await this.#readAll()
    } catch (error) {
      if (!(error instanceof NodeFault)) throw error
      fault = error
    } finally {
      await Promise.all(this.#nodes.map((node) => node.kill()))
    }
    return {
      steps: this.#steps,
      log: this.#log,
      history: this.#history,
      nodeOf: this.#nodeOf,
      finalFrom,
      isSetUp,
      fault,
      interrupted: this.#isInterrupted,
      errors: this.#errors,
    }
  }

  get #isInterrupted(): boolean {
    return this.#options.signal?.aborted === true
  }

  get #names(): readonly string[] {
    return this.#nodes.map(({ id }) => id)
  }

  get #isVirtual(): boolean {
    return this.#options.clock === 'virtual'
  }

  get #now(): number {
    return this.#isVirtual ? this.#virtualTime : performance.now() - this.#started
  }

  /** Tells each node who it is; the schedule begins after that. */
  async #begin(): Promise<void> {
    const { workload, clients } = this.#options
    const names = this.#names
    for (const id of names) await this.#setUp(id, { type: 'init', node_id: id, node_ids: [...names] }, 'init_ok')
    for (const id of names) {
      const body = workload.setup?.(id, names)
      if (body !== undefined) await this.#setUp(id, body, `${body.type}_ok`)
    }
    for (let i = 0; i < clients; i++) this.#addClient(`c${i + 1}`, names[i % names.length] as string)
    this.#log.length = 0
  }

  async #setUp(node: string, body: Body, wanted: string): Promise<void> {
    const request = ++this.#answers
    this.#send({ src: 'c0', dest: node, body: { ...body, msg_id: request } })
    const until = this.#now + startingMax
    for (;;) {
      await this.#pump()
      const reply = this.#setUpReplies.get(request)
      if (reply?.type === wanted) return
      if (reply !== undefined)
        throw new NodeFault(node, 'bad-answer', `${node} answers ${body.type} with ${shortened(JSON.stringify(reply))}, expected ${wanted}`)
      if (this.#now >= until) throw new NodeFault(node, 'bad-answer', `${node} does not answer ${body.type}`)
      await this.#advance(100)
    }
  }

  readonly #setUpReplies = new Map<number, Body>()

  #addClient(name: string, node: string): Client {
    const client: Client = { name, node, session: new Map(), process: name, crashes: 0, requests: 0, open: null }
    this.#clients.push(client)
    this.#nodeOf.set(name, node)
    return client
  }

  #view(): View {
    const idle = this.#clients.filter(({ open }) => open === null)
    const nodes = this.#names
    return {
      nodes,
      idle: idle.map((client) => ({ client: client.name, operation: this.#nextOperation(client) })),
      open: this.#clients.length - idle.length,
      pool: this.#network.pool,
      isParted: this.#network.isParted,
      timer: this.#nextTimer(),
      nodeTimer: this.#nextNodeTimer(),
      picks: ({ src, dest }) => this.#services.get(dest)?.picks(src) ?? 1,
      isNode: (name) => nodes.includes(name),
      isClient: (name) => this.#clients.some((client) => client.name === name),
    }
  }

  #nextOperation(client: Client): Operation | null {
    const { operations, clients } = this.#options
    return operations[client.requests * clients + this.#clients.indexOf(client)] ?? null
  }

  /** Of nodes and of clients that wait; where nodes have clocks of their own, a while. */
  #nextTimer(): number | null {
    const waits = this.#clients.flatMap(({ open }) => (open === null ? [] : [Math.max(1, Math.ceil(open.until - this.#now))]))
    const next = this.#nextNodeTimer()
    if (next !== null) waits.push(next)
    if (waits.length === 0) return null
    return this.#isVirtual ? Math.min(...waits) : Math.min(recovery.real.most, ...waits)
  }

  #nextNodeTimer(): number | null {
    const timers = [...this.#timers.values()].filter((ms) => ms !== null)
    return timers.length === 0 ? null : Math.min(...timers)
  }

  async #take(step: Step): Promise<void> {
    this.#follow(step)
    const message = 'message' in step ? (this.#network.pool.find(({ id }) => id === step.message) ?? null) : null
    this.#log.push({ step, message, isClosing: this.#isClosing })
    switch (step.do) {
      case 'invoke': {
        const { client, f, value, key } = step
        const caller = this.#clients.find(({ name }) => name === client)
        if (caller !== undefined) this.#invoke(caller, { f, value, ...(key === undefined ? {} : { key }) })
        break
      }
      case 'deliver':
        if (message !== null) await this.#deliver(message, step.pick ?? 0)
        break
      case 'drop':
        this.#network.take(step.message)
        break
      case 'duplicate':
        this.#network.duplicate(step.message)
        break
      case 'partition':
        this.#network.part(step.groups)
        break
      case 'heal':
        this.#network.heal()
        break
      case 'advance':
        await this.#advance(step.ms)
    }
  }

  /** The first message that a step sends continues its chain of events. */
  #follow(step: Step): void {
    const message = 'message' in step ? this.#network.pool.find(({ id }) => id === step.message) : undefined
    this.#chain = message?.chain ?? (step.do === 'invoke' ? step.client : 'time')
    this.#isFirstOfChain = step.do !== 'advance'
  }

  #send(message: Message): void {
    const { src, dest, body } = message
    if (body.msg_id !== undefined) this.#asked.set(`${src}>${dest}`, (this.#asked.get(`${src}>${dest}`) ?? new Set()).add(body.msg_id))
    const chain = this.#isFirstOfChain ? this.#chain : `${this.#chain}.${++this.#chains}`
    this.#isFirstOfChain = false
    this.#network.post(message, chain)
  }

  #invoke(client: Client, operation: Operation): void {
    const request = ++client.requests
    const until = this.#now + patience
    this.#record(client, 'invoke', operation, operation.value)
    client.open = { operation, request, until }
    const body = this.#options.workload.request(operation, client.session)
    this.#send({ src: client.name, dest: client.node, body: { ...body, msg_id: request } })
  }

  async #deliver({ id }: Sent, pick: number): Promise<void> {
    const sent = this.#network.take(id)
    if (sent === null) return
    const { src, dest, body } = sent
    const node = this.#nodes.find((one) => one.id === dest)
    if (node !== undefined) {
      const { next } = await node.send(JSON.stringify({ src, dest, body }))
      this.#timers.set(node.id, next)
      this.#collect()
      return
    }
    const service = this.#services.get(dest)
    if (service !== undefined) {
      const reply = service.apply(src, body, pick)
      const ids = body.msg_id === undefined ? {} : { in_reply_to: body.msg_id }
      this.#send({ src: dest, dest: src, body: { ...reply, msg_id: ++this.#answers, ...ids } })
      return
    }
    if (dest === 'c0') this.#setUpReplies.set(body.in_reply_to ?? 0, body)
    else this.#answer(src, dest, body)
  }

  /** An answer that comes too late says nothing. */
  #answer(node: string, name: string, reply: Body): void {
    const client = this.#clients.find((one) => one.name === name)
    if (client === undefined || client.open === null || client.open.request !== reply.in_reply_to) return
    const { operation } = client.open
    const { workload } = this.#options
    if (reply.type === 'error') {
      const code = Number(reply['code'])
      const result = workload.resultOfError?.(operation, code) ?? null
      if (result !== null) {
        this.#complete(client, 'ok', result.value)
        return
      }
      const text = errorText(reply)
      this.#errors.set(text, (this.#errors.get(text) ?? 0) + 1)
      this.#complete(client, definiteErrors.has(code) ? 'fail' : 'info', operation.value)
      return
    }
    try {
      this.#complete(client, 'ok', workload.answer(operation, reply, client.session))
    } catch (error) {
      if (!(error instanceof BadAnswer)) throw error
      throw new NodeFault(node, 'bad-answer', `${node} answers ${operation.f} in another way than the workload wants: ${error.message}`)
    }
  }

  #complete(client: Client, type: 'ok' | 'fail' | 'info', value: Value): void {
    const { open } = client
    if (open === null) return
    this.#record(client, type, open.operation, value)
    client.open = null
    if (type !== 'info') return
    client.process = `${client.name}.${++client.crashes}`
    this.#nodeOf.set(client.process, client.node)
  }

  #record({ process }: Client, type: HistoryEvent['type'], { f, key }: Operation, value: Value): void {
    this.#history.push({ index: this.#history.length, process, type, f, value, ...(key === undefined ? {} : { key }) })
  }

  async #advance(ms: number): Promise<void> {
    if (this.#isVirtual) {
      const rests = await Promise.all(this.#nodes.map((node) => node.advance(ms)))
      for (const [i, { next }] of rests.entries()) this.#timers.set(this.#names[i] as string, next)
      this.#virtualTime += ms
    } else {
      await Promise.race(this.#nodes.map((node) => node.advance(ms)))
    }
    this.#collect()
    for (const client of this.#clients)
      if (client.open !== null && client.open.until <= this.#now) this.#complete(client, 'info', client.open.operation.value)
  }

  /** Puts what the nodes have written onto the network. */
  #collect(): void {
    for (const node of this.#nodes) {
      for (const line of node.takeLines()) {
        const message = readMessage(node.id, line)
        this.#require(message, line)
        this.#send(message)
      }
      const fault = node.fault()
      if (fault !== null) throw fault
    }
  }

  #require({ src, dest, body }: Message, line: string): void {
    const isKnown =
      this.#names.includes(dest) || this.#services.has(dest) || dest === 'c0' || this.#clients.some(({ name }) => name === dest)
    if (!isKnown) throw new NodeFault(src, 'unknown-receiver', `${src} writes to ${dest}, which there is not: ${shortened(line)}`)
    const { in_reply_to: request } = body
    if (request === undefined || this.#asked.get(`${dest}>${src}`)?.has(request)) return
    throw new NodeFault(src, 'unasked', `${src} answers message ${request} of ${dest}, which ${dest} has never sent: ${shortened(line)}`)
  }

  /** Lets everything arrive, in the order in which it was sent. */
  async #pump(): Promise<void> {
    if (!this.#isVirtual) this.#collect()
    for (let i = 0; i < pumpMax && !this.#isInterrupted; i++) {
      const [first] = this.#network.pool
      if (first === undefined) return
      await this.#take({ do: 'deliver', message: first.id })
    }
  }

  /** Heals the network and lets time pass until nothing is left to happen. */
  async #close(): Promise<void> {
    const { final } = this.#options.workload
    if (this.#network.isParted) await this.#take({ do: 'heal' })
    await this.#recover(() => final.length > 0 || this.#clients.some(({ open }) => open !== null))
  }

  async #recover(needsTime: () => boolean): Promise<void> {
    const { total, most } = recovery[this.#options.clock]
    const until = this.#now + total
    for (;;) {
      await this.#pump()
      const timer = this.#isVirtual ? this.#nextTimer() : most
      if (!needsTime() || timer === null || this.#now >= until || this.#isInterrupted) return
      await this.#take({ do: 'advance', ms: Math.max(timer, most) })
    }
  }

  async #readAll(): Promise<void> {
    const { workload } = this.#options
    if (workload.final.length === 0) return
    const readers = this.#names.map((node, i) => this.#addClient(`c${this.#options.clients + i + 1}`, node))
    for (const reader of readers) {
      for (const operation of workload.final) {
        if (this.#isInterrupted || reader.open !== null) continue
        await this.#take({ do: 'invoke', client: reader.name, ...operation })
        await this.#recover(() => reader.open !== null)
      }
    }
  }
}
