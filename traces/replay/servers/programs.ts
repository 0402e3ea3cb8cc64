/** Finds the programs of servers, and who may run them. */
import { accessSync, constants, readdirSync, readFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import type { Owner } from './workplace.ts'

/** A program in the PATH or one of these folders; null where there is none. */
export function findProgram(name: string, folders: readonly string[] = []): string | null {
  const all = [...(process.env['PATH'] ?? '').split(delimiter), ...folders].filter((folder) => folder !== '')
  return all.map((folder) => join(folder, name)).find(isExecutable) ?? null
}

/** Folders below one, newest version first: of `/usr/lib/postgresql` those of its versions. */
export function versionsIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
      .sort((a, b) => Number.parseFloat(b) - Number.parseFloat(a))
      .map((version) => join(folder, version))
  } catch {
    return []
  }
}

/** Who runs servers that refuse root: the first of these users that there is; null where we are not root. */
export function unprivileged(...names: readonly string[]): Owner | null {
  if (process.getuid?.() !== 0) return null
  const users = readFileSync('/etc/passwd', 'utf8').split('\n')
  for (const name of [...names, 'nobody']) {
    const [, , uid, gid] = users.find((line) => line.startsWith(`${name}:`))?.split(':') ?? []
    if (uid !== undefined && gid !== undefined) return { uid: Number(uid), gid: Number(gid) }
  }
  return null
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}
