/**
 * What is told of requests to those who judge them: to the monitors, and to the few facts about the past that the properties of
 * versions need. Only what `judge` asks for is remembered.
 */
import type { Id } from '../../checker/index.ts'
import type { Operation } from './clients.ts'
import type { Request } from './request.ts'
import type { Draft, Setting, SiblingsWatcher, Watcher } from './state.ts'
import { covers, includes, merge, type Version, type Versions, valueOf, valuesOf, writesOf } from './versions.ts'

export interface Past {
  /** By key, the writes that were acknowledged, but no deletions. */
  acknowledged: (readonly number[])[]
  /** Writes that later versions have replaced: those that had been acknowledged before, or seen. */
  replaced: readonly number[]
  /** Those of them that were replaced by a write which was acknowledged. */
  superseded: readonly number[]
  /** By key, the newest versions that were acknowledged, of which none covers another. */
  newest: Versions[]
  /** What a read has missed. */
  missed: string | null
}

/** What had been acknowledged when a read began. */
export interface Floor {
  readonly newest: Versions
  readonly superseded: readonly number[]
}

export function noPast(keys: number): Past {
  const perKey = (): [][] => Array.from({ length: keys }, () => [])
  return { acknowledged: perKey(), replaced: [], superseded: [], newest: perKey(), missed: null }
}

/** A request begins; what it will be held against. */
export function tellBegin(s: Draft, i: Id, { f, key, write, isDelete }: Operation, c: Setting): Pick<Request, 'floor' | 'replaces'> {
  watcherOf(s, key, c)?.invoke(i, f, f === 'read' || isDelete ? null : write)
  if (f === 'write') siblingsOf(s, key, c)?.write(i, write, writesOf(s.client[i].context))
  const { newest, superseded, acknowledged } = s.past
  const floor = { newest: newest[key] ?? [], superseded: c.judge === 'freshness' ? superseded : [] }
  if (f === 'read' || (c.judge !== 'durability' && c.judge !== 'freshness')) return { floor, replaces: [] }
  const seen = valuesOf(s.client[i].context)
  return { floor, replaces: c.versions === 'lww' ? union(acknowledged[key] ?? [], seen) : seen }
}

/** A version has been made. */
export function tellMade(s: Draft, { replaces }: Request, c: Setting): void {
  if (c.judge === 'durability') s.past.replaced = union(s.past.replaced, replaces)
}

/** A read returns these versions, or a write is acknowledged, after which its node holds them. */
export function tellEnd(s: Draft, i: Id, operation: Operation, request: Request, versions: Versions, c: Setting): void {
  const { f, key, write, isDelete } = operation
  const { past } = s
  watcherOf(s, key, c)?.ok(i, f === 'read' ? valueOf(versions) : null)
  if (f === 'read') {
    siblingsOf(s, key, c)?.read(i, writesOf(versions))
    past.missed ??= missedOf(request.floor, versions)
    return
  }
  siblingsOf(s, key, c)?.written(i, write)
  if (c.judge !== 'durability' && c.judge !== 'freshness') return
  past.superseded = union(past.superseded, request.replaces)
  if (!isDelete) past.acknowledged[key] = union(past.acknowledged[key] ?? [], [write])
  if (c.judge === 'freshness') past.newest[key] = merge(past.newest[key] ?? [], versions)
}

/** Nobody will know what becomes of a request. */
export function tellLost(s: Draft, i: Id, { key }: Operation, c: Setting): void {
  watcherOf(s, key, c)?.info(i)
  siblingsOf(s, key, c)?.lost(i)
}

/**
 * What a read that returns this has missed of what had been acknowledged when it began: something that nothing here covers, or
 * everything that came after a write that had ended before it. Of a deletion, it need not show any more than that.
 */
export function missedOf({ newest, superseded }: Floor, result: Versions): string | null {
  const isShown = (version: Version): boolean => includes(result, version.write) || result.some((other) => covers(other, version))
  const missed = newest.find((version) => !version.isTombstone && !isShown(version))
  if (missed) return `a read missed write ${missed.write}, which had been acknowledged before it began`
  const stale = result.find(({ write }) => superseded.includes(write))
  return stale === undefined ? null : `a read returned write ${stale.write}, which an acknowledged one had replaced before it began`
}

/** Siblings are not what a register returns; and a monitor watches one key. */
function watcherOf(s: Draft, key: number, { judge, versions }: Setting): Watcher | null {
  if (key !== 0 || versions !== 'lww') return null
  return judge === 'linearizability' ? s.ops : judge === 'sessions' ? s.sessions : null
}

function siblingsOf(s: Draft, key: number, { judge, versions }: Setting): SiblingsWatcher | null {
  return key === 0 && versions === 'vector' && judge === 'sessions' ? s.siblings : null
}

function union(some: readonly number[], others: readonly number[]): readonly number[] {
  return [...new Set([...some, ...others])].sort((a, b) => a - b)
}
