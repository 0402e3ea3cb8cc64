/**
 * Configurations in the log (the dissertation, section 4.1): a server uses the latest one in its log, committed or not, and goes
 * back to the one before when that entry is deleted.
 */
import { type Id, ids } from '../../../checker/index.ts'
import type { Configuration, Log } from '../log.ts'
import type { Cluster } from '../server.ts'

/** The configuration by which a server with this log decides. */
export function configurationOf(log: Log, initial: Configuration): Configuration {
  return log.findLast(({ configuration }) => configuration !== undefined)?.configuration ?? initial
}

/** The index of the entry that brought it, 0 for the initial one. */
export function configurationIndex(log: Log): number {
  return log.findLastIndex(({ configuration }) => configuration !== undefined) + 1
}

/** All who belong to a configuration: during joint consensus those of both. */
export function everybody({ members, old }: Configuration): readonly Id[] {
  return old === null ? members : [...new Set([...members, ...old])].sort()
}

/** Section 4.3: during joint consensus, agreement takes separate majorities of the old and of the new configuration. */
export function decides(who: readonly Id[], { members, old }: Configuration, isUnion: boolean): boolean {
  if (old !== null && isUnion) return isMajority(who, everybody({ members, old }))
  return isMajority(who, members) && (old === null || isMajority(who, old))
}

/** A server whose log names the members counts them, itself only if it is one of them. */
export function changingCluster(servers: number, initial: Configuration, isUnion: boolean): Cluster {
  return { servers, isQuorum: (who, log) => decides(who, configurationOf(log, initial), isUnion) }
}

/** The sets of servers to which a configuration may change in one step: with one server more or less, or any. */
export function targets(servers: number, from: readonly Id[], isSingle: boolean): Id[][] {
  const all = Array.from({ length: 2 ** servers - 1 }, (_, mask) => ids(servers).filter((i) => ((mask + 1) >> i) & 1))
  return all.filter((to) => {
    const changed = ids(servers).filter((i) => to.includes(i) !== from.includes(i)).length
    return isSingle ? changed === 1 : changed > 0
  })
}

function isMajority(who: readonly Id[], members: readonly Id[]): boolean {
  return 2 * who.filter((id) => members.includes(id)).length > members.length
}
