/** The processes of a machine with Linux, as a test sees them that has given some of them a temporary folder of their own. */
import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs'

export interface RunningProcess {
  readonly pid: number
  readonly parent: number
  readonly command: string
}

/** Whether there is a list of them. */
export const hasProcessList: boolean = existsSync('/proc/self/environ')

/** Those that have the folder in their environment, in their command, or work below it; whoever their parents are by now. */
export function processesOf(folder: string): readonly RunningProcess[] {
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name) || Number(name) === process.pid) return []
    try {
      const [command, stat] = [textOf(`/proc/${name}/cmdline`), textOf(`/proc/${name}/stat`)]
      const isIts = [command, textOf(`/proc/${name}/environ`), readlinkSync(`/proc/${name}/cwd`)].some((text) => text.includes(folder))
      // The name of the program stands in parentheses, then its state and its parent.
      const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
      return isIts && state !== 'Z' ? [{ pid: Number(name), parent: Number(parent), command: command.replaceAll('\0', ' ').trim() }] : []
    } catch {
      // It has just ended, or is somebody else's.
      return []
    }
  })
}

/** The segments of System V shared memory that these processes have made, also after they have ended. */
export function segmentsOf(pids: readonly number[]): readonly number[] {
  const [, ...lines] = textOf('/proc/sysvipc/shm').trim().split('\n')
  const rows = lines.map((line) => line.trim().split(/\s+/).map(Number))
  return rows.flatMap(([, id = 0, , , creator = 0]) => (pids.includes(creator) ? [id] : []))
}

function textOf(file: string): string {
  return readFileSync(file, 'utf8')
}
