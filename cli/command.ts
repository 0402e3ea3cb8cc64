/** What the commands have in common. */
import type { Command as Commander } from 'commander'
import type { Io } from './io.ts'

/** Adds a command to the program; `end` takes the exit status of a run that did not fail. */
export type Command = (program: Commander, io: Io, end: (status: number) => void) => void

/** Collects the values of an option that may be repeated. */
export function collect(value: string, previous: readonly string[] | undefined): readonly string[] {
  return [...(previous ?? []), value]
}
