/** What the commands have in common. */
import type { Command as Commander } from 'commander'
import { UserError } from '../checker/index.ts'
import type { Io } from './io.ts'
import { quoted } from './reproduce.ts'

/** Adds a command to the program; `end` takes the exit status of a run that did not fail. */
export type Command = (program: Commander, io: Io, end: (status: number) => void) => void

/** Collects the values of an option that may be repeated. */
export function collect(value: string, previous: readonly string[] | undefined): readonly string[] {
  return [...(previous ?? []), value]
}

/**
 * The constants that --set gives, each as `name=value`.
 * @throws UserError `bad-option`
 */
export function assigned(set: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    set.map((text) => {
      const at = text.indexOf('=')
      if (at > 0) return [text.slice(0, at).trim(), text.slice(at + 1).trim()]
      throw new UserError('bad-option', `--set ${quoted(text)}: expected name=value, such as --set nodes=3`)
    }),
  )
}
