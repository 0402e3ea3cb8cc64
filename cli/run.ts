/** The command line as a function: parses arguments, runs a command, and returns the exit status. */
import { Command, CommanderError } from 'commander'
import { isUserError } from '../checker/index.ts'
import { isHistoryError } from '../properties/index.ts'
import { visible } from '../traces/text.ts'
import { defineCheck } from './check.ts'
import type { Command as Definition } from './command.ts'
import { defineExplore } from './explore.ts'
import { defineFuzz } from './fuzz.ts'
import { exitStatus, type Io, printWidth } from './io.ts'
import { defineList } from './list.ts'
import { defineMaelstrom } from './maelstrom.ts'
import { packageVersion } from './package.ts'
import { defineReplay } from './replay.ts'
import { defineShow } from './show.ts'
import { defineValidate } from './validate.ts'
import { defineVerify } from './verify.ts'

/**
 * Runs the command line.
 * @param argv the arguments after the program's name
 * @returns 0 holds, 1 violated, 2 bad usage or input, 3 inconclusive, 70 internal error, 130 interrupted
 */
export async function run(argv: readonly string[], io: Io): Promise<number> {
  let status: number = exitStatus.holds
  const program = root(io)
  const define: readonly Definition[] = [
    defineCheck,
    defineExplore,
    defineFuzz,
    defineList,
    defineMaelstrom,
    defineReplay,
    defineShow,
    defineValidate,
    defineVerify,
  ]
  const end = (ended: number): void => {
    status = ended
  }
  for (const command of define) command(program, io, end)
  try {
    await program.parseAsync([...argv], { from: 'user' })
    return status
  } catch (error) {
    return failed(error, io)
  }
}

function root(io: Io): Command {
  return new Command('counterpoint')
    .description(
      'Checks how distributed systems interleave: explores every state of a model and shows the shortest way to a wrong one, and judges what the clients of a real system saw.',
    )
    .version(packageVersion(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: (text) => io.stderr.write(text),
      getOutHelpWidth: () => printWidth(io.stdout),
      getErrHelpWidth: () => printWidth(io.stderr),
      outputError: () => {},
    })
    .addHelpText(
      'after',
      '\nExamples:\n  counterpoint list\n  counterpoint check two-phase-commit --set resourceManagers=7\n  counterpoint check ./my-model.ts --out trace.json\n  counterpoint show trace.json\n  counterpoint explore raft\n  counterpoint validate log.jsonl --model raft\n  counterpoint verify history.edn --model cas-register\n\nExit status: 0 holds, 1 violated, 2 bad usage or input, 3 inconclusive or unknown, 130 interrupted.',
    )
}

function failed(error: unknown, io: Io): number {
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return exitStatus.holds
    // Without a command, commander has printed the help already.
    if (error.code !== 'commander.help') io.stderr.write(`${oneLine(error.message)}\n`)
    return exitStatus.badInput
  }
  if (isUserError(error) || isHistoryError(error)) {
    io.stderr.write(`error: ${oneLine(error.message)}\n`)
    return exitStatus.badInput
  }
  const details = error instanceof Error ? (error.stack ?? error.message) : String(error)
  io.stderr.write(`internal error, a defect of counterpoint; please report it: ${details}\n`)
  return exitStatus.internal
}

/** What a file holds, and errors quote, must not drive the reader's terminal. */
function oneLine(message: string): string {
  return visible(message.trim().replace(/\s*\n\s*/g, ' '))
}
