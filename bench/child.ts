/** What a script beside this file prints as JSON, in a process of its own, so that memory and warm-up are its own too. */
import { execFileSync } from 'node:child_process'
import { join, resolve } from 'node:path'

const root = resolve(import.meta.dirname, '..')

export function child<Figures>(script: string, args: readonly (string | number)[]): Figures {
  const command: readonly string[] = ['--import', 'tsx', join(import.meta.dirname, script), ...args.map(String)]
  return JSON.parse(
    execFileSync(process.execPath, command, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] }),
  ) as Figures
}
