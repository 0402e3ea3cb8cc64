/**
 * The search for one order of operations that keeps the order of each thread and that a specification explains. Depth first;
 * what failed is remembered as positions in the threads with the states of the objects. Observers are taken as soon as they
 * are right, since they change nothing; of crashed operations that are alike only the first is tried.
 */
import { illegal, type Machine } from '../linearizability/machine.ts'
import type { Operation } from '../operation.ts'

export interface Task {
  /** As it is judged: what is unknown of it is left out. */
  readonly operation: Operation
  /** As it was recorded. */
  readonly recorded: Operation
  readonly key: number
  /** It may be left out. */
  readonly optional: boolean
  /** The task that it read from; -1 for the initial value, -2 where that is not known. */
  readonly source: number
}

export interface Thread {
  /** Numbers of tasks, in order. */
  readonly tasks: readonly number[]
  /** The thread begins when so many tasks of another one are done. */
  readonly after?: { readonly thread: number; readonly count: number }
}

export interface OrderProblem {
  readonly machine: Machine
  readonly initial: number
  readonly keys: number
  readonly tasks: readonly Task[]
  readonly threads: readonly Thread[]
  /** Pairs of tasks, the first of which is known to come first. */
  readonly forced: readonly (readonly [number, number])[]
  /** Of `performance.now()`. */
  readonly deadline: number
  /** Failed configurations that may be remembered. */
  readonly memory: number
}

export type OrderResult =
  | { readonly found: 'order'; readonly order: readonly Operation[] }
  | { readonly found: 'none' }
  | { readonly found: 'limit'; readonly limit: 'time' | 'memory'; readonly deepest: number }

export function findOrder(problem: OrderProblem): OrderResult {
  return new Search(problem).run()
}

interface Choice {
  readonly task: number
  readonly thread: number
  readonly state: number
}

interface Frame {
  readonly choices: readonly Choice[]
  next: number
  /** Tasks done before its first choice. */
  readonly done: number
}

/** Configurations between two looks at the clock. */
const interval = 16

class Search {
  private readonly problem: OrderProblem
  private readonly classes: readonly number[]
  private readonly observes: readonly boolean[]
  private readonly positions: Int32Array
  private readonly states: Int32Array
  private readonly waitingFor: Int32Array
  private readonly followers: readonly (readonly number[])[]
  /** Reads of each write, and behind them of the initial value of each key, that are still to come. */
  private readonly readers: Int32Array
  private readonly current: Int32Array
  private readonly trail: { readonly choice: Choice; readonly state: number; readonly current: number }[] = []
  private readonly failed = new Map<number, string[]>()
  private remembered = 0
  private required: number
  private hash = [0, 0]
  private deepest = 0

  constructor(problem: OrderProblem) {
    this.problem = problem
    const { machine, tasks, threads, keys, forced } = problem
    this.classes = tasks.map(({ operation }) => machine.classId(operation))
    this.observes = this.classes.map((id) => machine.observes(id))
    this.positions = new Int32Array(threads.length)
    this.states = new Int32Array(keys).fill(problem.initial)
    this.waitingFor = new Int32Array(tasks.length)
    const followers: number[][] = tasks.map(() => [])
    for (const [first, second] of forced) {
      followers[first]?.push(second)
      this.waitingFor[second] = (this.waitingFor[second] as number) + 1
    }
    this.followers = followers
    this.readers = new Int32Array(tasks.length + keys)
    this.current = Int32Array.from({ length: keys }, (_, key) => tasks.length + key)
    for (const { source, key } of tasks) this.expect(source, key, 1)
    this.required = tasks.filter(({ optional }) => !optional).length
  }

  run(): OrderResult {
    const frames: Frame[] = []
    for (let steps = 1; ; steps++) {
      const done = this.trail.length
      this.takeObservers()
      if (this.required === 0)
        return { found: 'order', order: this.trail.map(({ choice }) => (this.problem.tasks[choice.task] as Task).recorded) }
      this.deepest = Math.max(this.deepest, this.trail.length)
      frames.push({ choices: this.hasFailed() ? [] : this.choices(), next: 0, done })
      if (!this.advance(frames)) return { found: 'none' }
      if (steps % interval === 0 && performance.now() > this.problem.deadline)
        return { found: 'limit', limit: 'time', deepest: this.deepest }
      if (this.remembered > this.problem.memory) return { found: 'limit', limit: 'memory', deepest: this.deepest }
    }
  }

  /** Takes the next choice that is left, going back as far as needed. */
  private advance(frames: Frame[]): boolean {
    for (let frame = frames.at(-1); frame !== undefined; frame = frames.at(-1)) {
      const choice = frame.choices[frame.next++]
      if (choice !== undefined) {
        this.take(choice)
        return true
      }
      if (frame.choices.length > 0) this.remember()
      frames.pop()
      // The choice that led here, and the observers taken after it.
      while (this.trail.length > Math.max(0, frame.done - 1)) this.takeBack()
    }
    return false
  }

  private takeObservers(): void {
    const { threads, machine, tasks } = this.problem
    for (let progress = true; progress; ) {
      progress = false
      for (let thread = 0; thread < threads.length; thread++)
        for (let task = this.head(thread); task !== -1 && this.observes[task] === true; task = this.head(thread)) {
          const state = this.states[(tasks[task] as Task).key] as number
          if (this.waitingFor[task] !== 0 || machine.step(state, this.classes[task] as number) !== state) break
          this.take({ task, thread, state })
          progress = true
        }
    }
  }

  private choices(): Choice[] {
    const { threads, machine, tasks } = this.problem
    const choices: Choice[] = []
    const seen = new Set<string>()
    for (let thread = 0; thread < threads.length; thread++) {
      const task = this.head(thread)
      if (task === -1 || this.observes[task] === true || this.waitingFor[task] !== 0) continue
      const { key, optional, source } = tasks[task] as Task
      const [state, current] = [this.states[key] as number, this.current[key] as number]
      // Whoever still has to read the current value could not once it is overwritten.
      const isRead = (this.readers[current] as number) > (this.place(source, key) === current ? 1 : 0)
      const id = this.classes[task] as number
      if (optional) {
        const name = `${key} ${id}`
        if (seen.has(name)) continue
        seen.add(name)
      }
      const step = machine.step(state, id)
      const after = step === illegal ? [] : step < illegal ? machine.several(step) : [step]
      for (const next of after) if (next === state ? !optional : !isRead) choices.push({ task, thread, state: next })
    }
    return choices.sort((a, b) => this.rank(a) - this.rank(b))
  }

  private rank({ task }: Choice): number {
    const { recorded, optional } = this.problem.tasks[task] as Task
    return optional ? recorded.call + 2 ** 40 : recorded.call
  }

  private head(thread: number): number {
    const { tasks, after } = this.problem.threads[thread] as Thread
    if (after !== undefined && (this.positions[after.thread] as number) < after.count) return -1
    return tasks[this.positions[thread] as number] ?? -1
  }

  private take(choice: Choice): void {
    const { task, thread } = choice
    const { key, optional, source } = this.problem.tasks[task] as Task
    this.trail.push({ choice, state: this.states[key] as number, current: this.current[key] as number })
    this.move(task, thread, 1)
    if (choice.state !== this.states[key]) this.current[key] = task
    this.setState(key, choice.state)
    this.expect(source, key, -1)
    if (!optional) this.required--
  }

  private takeBack(): void {
    const entry = this.trail.pop()
    if (entry === undefined) return
    const { task, thread } = entry.choice
    const { key, optional, source } = this.problem.tasks[task] as Task
    this.move(task, thread, -1)
    this.setState(key, entry.state)
    this.expect(source, key, 1)
    this.current[key] = entry.current
    if (!optional) this.required++
  }

  private move(task: number, thread: number, by: 1 | -1): void {
    this.positions[thread] = (this.positions[thread] as number) + by
    for (const follower of this.followers[task] as readonly number[]) this.waitingFor[follower] = (this.waitingFor[follower] as number) - by
    this.mix(task, -1)
  }

  private setState(key: number, state: number): void {
    this.mix(key, this.states[key] as number)
    this.states[key] = state
    this.mix(key, state)
  }

  private expect(source: number, key: number, by: 1 | -1): void {
    const place = this.place(source, key)
    if (place >= 0) this.readers[place] = (this.readers[place] as number) + by
  }

  private place(source: number, key: number): number {
    return source === -1 ? this.problem.tasks.length + key : source
  }

  private hasFailed(): boolean {
    return this.failed.get(this.name())?.includes(this.configuration()) === true
  }

  private remember(): void {
    const name = this.name()
    const others = this.failed.get(name)
    if (others === undefined) this.failed.set(name, [this.configuration()])
    else others.push(this.configuration())
    this.remembered++
  }

  private configuration(): string {
    return `${this.positions.join()} ${this.states.join()}`
  }

  private name(): number {
    return ((this.hash[0] as number) >>> 0) * 2 ** 20 + ((this.hash[1] as number) >>> 12)
  }

  /** Adds a fact to the hash, or takes it away: the same fact twice is none. */
  private mix(a: number, b: number): void {
    let x = Math.imul(a + 0x9e3779b9, 0x85ebca6b) ^ Math.imul(b + 0x7f4a7c15, 0xc2b2ae35)
    x = Math.imul(x ^ (x >>> 15), 0x2c1b3c6d)
    const y = Math.imul(x ^ (x >>> 13), 0x297a2d39)
    this.hash[0] = (this.hash[0] as number) ^ x ^ (x >>> 16)
    this.hash[1] = (this.hash[1] as number) ^ y ^ (y >>> 15)
  }
}
