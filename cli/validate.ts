/** `counterpoint validate`: is there a path of a model that explains the log of a real run? */
import { existsSync, readFileSync } from 'node:fs'
import { dirname, relative, resolve } from 'node:path'
import { UserError } from '../checker/index.ts'
import { type LogHeader, readLog, showValidation, type ValidateOptions, type Validation, validating } from '../traces/index.ts'
import { assigned, type Command, collect } from './command.ts'
import { exitStatus, hasColours, type Io, printWidth } from './io.ts'
import { type LoadedModel, loadModel, looksLikeFile } from './load-model.ts'
import { progressLine, silentProgress } from './progress.ts'
import { counted, duration, elapsed, size, whole } from './quantities.ts'
import { quoted } from './reproduce.ts'
import { clock, inSlices, interruptible } from './search.ts'
import { requireWritable, saveTrace } from './trace-file.ts'

interface Flags {
  readonly model?: string
  readonly set?: readonly string[]
  readonly bug?: readonly string[]
  readonly hidden?: readonly string[]
  readonly maxHidden?: number
  readonly maxStates?: number
  readonly time?: number
  readonly memory?: number
  readonly json?: boolean
  readonly out?: string
}

export const defineValidate: Command = (root, io, end) => {
  root
    .command('validate')
    .description('Say whether a path of a model explains the log of a real run, and if not, which event it is that cannot have happened.')
    .argument('<log>', 'a file of JSON lines, one event a line, perhaps with a header')
    .option('--model <model>', 'the model, by name or file (default: the one that the header names)')
    .option('--set <name=value>', 'override a constant (repeatable)', collect)
    .option('--bug <name>', 'plant a known bug (repeatable)', collect)
    .option('--hidden <actions>', 'actions that may happen without being logged, such as drop,restart; * for all (repeatable)', collect)
    .optionsGroup('Limits (reaching one makes the verdict inconclusive):')
    .option('--max-hidden <n>', 'hidden actions in a row', whole(0))
    .option('--max-states <n>', 'pairs of an event and a state', whole(1))
    .option('--time <duration>', 'such as 30s, 5m, 2h', duration)
    .option('--memory <size>', 'of the whole process, such as 500m, 4g', size)
    .optionsGroup('What to print:')
    .option('--json', 'print the result as one JSON document, and nothing else')
    .option('--out <file>', 'write the path that explains the log, or the longest part of it, there, for show')
    .addHelpText('after', help)
    .action(async (file: string, flags: Flags) => end(await runValidate(file, flags, io)))
}

const help = `
Examples:
  counterpoint validate log.jsonl --model two-phase-commit --set resourceManagers=3
  counterpoint validate log.jsonl --model ./my-model.ts --hidden receive,drop --out trace.json

Exit status: 0 explained, 1 impossible, 2 bad usage or input, 3 inconclusive, 130 interrupted.`

async function runValidate(file: string, flags: Flags, io: Io): Promise<number> {
  const { header, events } = readLog(readText(file, io.cwd), file)
  const loaded = await modelOf(file, header, flags, io.cwd)
  if (flags.out !== undefined) requireWritable(flags.out, io.cwd)
  const json = flags.json === true
  const progress = json && !io.stderr.isTTY ? silentProgress() : progressLine(io.stderr, 'dfs', clock(io))
  const interruption = interruptible(io, progress)
  let validation: Validation
  try {
    const run = validating(loaded.model, events, { ...optionsOf(header, flags, file), signal: interruption.signal })
    validation = await inSlices(run, ({ explained, pairs, seconds }) => {
      progress.say(`${counted(explained)} of ${counted(events.length)} events explained, ${counted(pairs)} pairs, ${elapsed(seconds)}`)
      return undefined
    })
  } finally {
    progress.clear()
    interruption.end()
  }
  if (flags.out !== undefined) saveTrace(validation.trace, flags.out, io.cwd, loaded.file)
  if (json) io.stdout.write(`${JSON.stringify({ file, ...validation }, null, 2)}\n`)
  else {
    const printing = { where: file, width: printWidth(io.stdout), colour: hasColours(io.stdout, io.env) }
    const see = flags.out === undefined ? '' : `\nsee the path: counterpoint show ${quoted(flags.out)}\n`
    io.stdout.write(`${showValidation(validation, printing)}${see}`)
  }
  return validation.limit === 'interrupted' ? exitStatus.interrupted : statuses[validation.verdict]
}

const statuses: Readonly<Record<Validation['verdict'], number>> = {
  explained: exitStatus.holds,
  impossible: exitStatus.violated,
  inconclusive: exitStatus.inconclusive,
}

/** Flags go before what the header says. */
function optionsOf(header: LogHeader, flags: Flags, where: string): ValidateOptions {
  const maxHidden = flags.maxHidden ?? header.maxHidden
  return {
    where,
    constants: { ...header.constants, ...assigned(flags.set ?? []) },
    bugs: [...new Set(flags.bug ?? header.bugs ?? [])],
    hidden: flags.hidden?.flatMap((names) => names.split(',').map((name) => name.trim())) ?? header.hidden ?? [],
    ...(maxHidden !== undefined && { maxHidden }),
    ...(flags.maxStates !== undefined && { maxStates: flags.maxStates }),
    ...(flags.time !== undefined && { timeMs: flags.time }),
    ...(flags.memory !== undefined && { memoryBytes: flags.memory }),
  }
}

/** A header names a model's file from where the log lies. */
async function modelOf(file: string, header: LogHeader, flags: Flags, cwd: string): Promise<LoadedModel> {
  if (flags.model !== undefined) return loadModel(flags.model, cwd)
  const { model } = header
  if (model === undefined) throw new UserError('bad-option', `${file}: has no header that names a model; name it with --model`)
  return loadModel(looksLikeFile(model) ? relative(cwd, resolve(cwd, dirname(file), model)) : model, cwd)
}

function readText(file: string, cwd: string): string {
  const path = resolve(cwd, file)
  if (!existsSync(path)) throw new UserError('bad-file', `${file}: there is no such file; give the path of a log`)
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw new UserError('bad-file', `${file}: cannot be read (${(error as Error).message}); give the path of a log`)
  }
}
