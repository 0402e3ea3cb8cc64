/**
 * A small database that runs scripts: which transaction does what, step after step, in an isolation mode. What has to wait for others
 * happens once it may; who would wait for ever aborts. A key holds a list of what was appended to it, so that reads show the order of
 * the writes.
 */
import type { Step, Transaction } from '../table/transaction.ts'

/** From the weakest; `item-locks` and `snapshot-isolation` each allow what the other forbids. */
export const modes = [
  /** Everything happens in place, and everybody sees it. */
  'none',
  /** Who has written a key keeps others from writing it until the end. */
  'read-uncommitted',
  /** Also, others see only what is committed and published. */
  'read-committed',
  /** Also, all that a transaction wrote is published with its commit. */
  'monotonic-atomic-view',
  /** Also, who has read a key keeps others from writing it; but there is no lock on what does not exist. */
  'item-locks',
  /** Each transaction sees what was committed at its first step, and aborts if it has written what another has changed since then. */
  'snapshot-isolation',
  /** Also, one that writes aborts if another has changed what it has read, be it that there was nothing. */
  'serializable',
] as const

export type Mode = (typeof modes)[number]

/** The name of a transaction and what it does. */
export type ScriptStep =
  | readonly [name: string, does: 'append', key: string, value: number]
  /** Several keys: those of a table, in which a predicate would have looked. */
  | readonly [name: string, does: 'read', ...keys: string[]]
  /** Some keys may stay for others as they were until `publish`, where the mode allows that. */
  | readonly [name: string, does: 'commit', ...publishedLater: string[]]
  | readonly [name: string, does: 'publish' | 'abort']

/** @returns the transactions, each a session of its own, in the order of their first steps */
export function runScript(mode: Mode, script: readonly ScriptStep[]): Transaction[] {
  const database = new Database(mode)
  for (const step of script) database.take(step)
  return database.transactions()
}

interface Element {
  readonly value: number
  readonly by: Actor
}

interface Actor {
  readonly name: string
  readonly began: number
  /** How many transactions had committed at its first step. */
  readonly snapshot: number
  readonly steps: Step[]
  /** What it has to do once others let it, in order. */
  readonly waiting: ScriptStep[]
  /** The keys that it has read, and those of them in which there was something. */
  readonly looked: Set<string>
  readonly locked: Set<string>
  status: 'running' | 'committed' | 'aborted'
  ended: number | null
  /** As how many-th it committed. */
  commit: number
  publishedLater: readonly string[]
}

class Database {
  readonly #mode: Mode
  readonly #actors = new Map<string, Actor>()
  readonly #lists = new Map<string, Element[]>()
  #clock = 0
  #commits = 0

  constructor(mode: Mode) {
    this.#mode = mode
  }

  transactions(): Transaction[] {
    return [...this.#actors.values()].map(({ name, status, steps, began, ended }) => ({
      process: name,
      status: status === 'running' ? 'unknown' : status,
      steps: status === 'committed' ? steps : steps.map((step): Step => (step.f === 'read' ? { ...step, value: undefined } : step)),
      began,
      ended,
    }))
  }

  take(step: ScriptStep): void {
    const actor = this.#actor(step[0])
    if (step[1] === 'publish') actor.publishedLater = []
    if (actor.status !== 'running') return
    actor.waiting.push(step)
    this.#proceed()
    if (actor.waiting.length > 0 && this.#waitsForItself(actor)) this.#end(actor, 'aborted')
    this.#proceed()
  }

  #actor(name: string): Actor {
    const known = this.#actors.get(name)
    if (known !== undefined) return known
    const actor: Actor = {
      name,
      began: this.#clock++,
      snapshot: this.#commits,
      steps: [],
      waiting: [],
      looked: new Set(),
      locked: new Set(),
      status: 'running',
      ended: null,
      commit: 0,
      publishedLater: [],
    }
    this.#actors.set(name, actor)
    return actor
  }

  /** Does what can be done. */
  #proceed(): void {
    for (let isDone = false; !isDone; ) {
      isDone = true
      for (const actor of this.#actors.values()) {
        const [step] = actor.waiting
        if (step === undefined || this.#blockers(actor, step).length > 0) continue
        actor.waiting.shift()
        this.#do(actor, step)
        isDone = false
      }
    }
  }

  #do(actor: Actor, step: ScriptStep): void {
    switch (step[1]) {
      case 'append': {
        const [, , key, value] = step
        actor.steps.push({ f: 'append', key, value })
        if (!this.#hasSnapshots) this.#list(key).push({ value, by: actor })
        return
      }
      case 'read': {
        const [, , ...keys] = step
        for (const key of keys) actor.steps.push({ f: 'read', key, value: this.#read(actor, key) })
        return
      }
      case 'commit': {
        const [, , ...publishedLater] = step
        actor.publishedLater = publishedLater
        this.#end(actor, this.#mayCommit(actor) ? 'committed' : 'aborted')
        return
      }
      case 'abort':
        this.#end(actor, 'aborted')
        return
      case 'publish':
    }
  }

  #read(actor: Actor, key: string): number[] {
    const seen = this.#list(key).filter((element) => this.#sees(actor, element, key))
    actor.looked.add(key)
    if (seen.length > 0) actor.locked.add(key)
    const own = this.#hasSnapshots ? appended(actor, key) : []
    return [...seen.map(({ value }) => value), ...own]
  }

  #sees(actor: Actor, { by }: Element, key: string): boolean {
    if (by === actor) return true
    const isPublished = !by.publishedLater.includes(key)
    switch (this.#mode) {
      case 'none':
      case 'read-uncommitted':
        return isPublished
      case 'read-committed':
        return by.status === 'committed' && isPublished
      case 'monotonic-atomic-view':
      case 'item-locks':
        return by.status === 'committed'
      case 'snapshot-isolation':
      case 'serializable':
        return by.status === 'committed' && by.commit <= actor.snapshot
    }
  }

  /** Those for whose end a step has to wait. */
  #blockers(actor: Actor, step: ScriptStep): Actor[] {
    if (this.#mode === 'none' || this.#hasSnapshots || (step[1] !== 'append' && step[1] !== 'read')) return []
    const [, does, ...rest] = step
    const keys = does === 'append' ? rest.slice(0, 1).map(String) : rest.map(String)
    return [...this.#actors.values()].filter((other) => {
      if (other === actor || other.status !== 'running') return false
      const hasWritten = keys.some((key) => appended(other, key).length > 0)
      const hasRead = this.#mode === 'item-locks' && does === 'append' && keys.some((key) => other.locked.has(key))
      return hasRead || (hasWritten && (does === 'append' || this.#mode === 'item-locks'))
    })
  }

  #waitsForItself(actor: Actor): boolean {
    const reached = new Set<Actor>()
    const follow = (waiting: Actor): void => {
      const [step] = waiting.waiting
      if (step === undefined) return
      for (const other of this.#blockers(waiting, step)) {
        if (reached.has(other)) continue
        reached.add(other)
        follow(other)
      }
    }
    follow(actor)
    return reached.has(actor)
  }

  #mayCommit(actor: Actor): boolean {
    if (!this.#hasSnapshots) return true
    const written = new Set(actor.steps.filter(({ f }) => f === 'append').map(({ key }) => String(key)))
    const mustBeSame = this.#mode === 'serializable' && written.size > 0 ? [...written, ...actor.looked] : [...written]
    return mustBeSame.every((key) => this.#list(key).every(({ by }) => by.commit <= actor.snapshot))
  }

  #end(actor: Actor, status: 'committed' | 'aborted'): void {
    actor.status = status
    actor.ended = this.#clock++
    actor.waiting.length = 0
    if (status === 'aborted')
      for (const [key, list] of this.#lists)
        this.#lists.set(
          key,
          list.filter(({ by }) => by !== actor),
        )
    else {
      actor.commit = ++this.#commits
      if (!this.#hasSnapshots) return
      for (const step of actor.steps) if (step.f === 'append') this.#list(String(step.key)).push({ value: Number(step.value), by: actor })
    }
  }

  #list(key: string): Element[] {
    const list = this.#lists.get(key) ?? []
    this.#lists.set(key, list)
    return list
  }

  get #hasSnapshots(): boolean {
    return this.#mode === 'snapshot-isolation' || this.#mode === 'serializable'
  }
}

function appended(actor: Actor, key: string): number[] {
  return actor.steps.filter((step) => step.f === 'append' && step.key === key).map(({ value }) => Number(value))
}
