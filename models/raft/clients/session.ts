/**
 * The state machine, a register, and the sessions by which it knows a command that comes again (the paper, section 8; the dissertation,
 * section 6.3). Neither is stored: both follow from the log, up to the last entry that has been applied.
 */
import type { Command, Log } from '../log.ts'

/** The register after the entries up to an index. With sessions, what a client has sent again takes no effect again. */
export function registerAt(log: Log, index: number, hasSessions: boolean): number | null {
  /** By client: the greatest serial number that has been applied. The state machine of a real server keeps the response, too. */
  const sessions = new Map<number, number>()
  let value: number | null = null
  for (const { command } of log.slice(0, index)) {
    if (command === undefined || (hasSessions && isRepeated(command, sessions))) continue
    sessions.set(command.client, command.serial)
    if (command.f === 'write') value = command.value
  }
  return value
}

/** A client has one operation open at a time: a serial number that is not beyond the last one is that of a copy. */
function isRepeated({ client, serial }: Command, sessions: ReadonlyMap<number, number>): boolean {
  const last = sessions.get(client)
  return last !== undefined && serial <= last
}
