/** `counterpoint maelstrom`: runs programs that speak Maelstrom's protocol under many schedules. */
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { Option } from 'commander'
import { UserError } from '../checker/index.ts'
import {
  type MaelstromOptions,
  type MaelstromResult,
  maelstromClocks,
  maelstromStrategies,
  maelstromWorkloads,
  readSchedule,
  replayMaelstrom,
  runMaelstrom,
  showMaelstrom,
  writeSchedule,
} from '../traces/index.ts'
import type { Command } from './command.ts'
import { exitStatus, hasColours, type Io, printWidth } from './io.ts'
import { duration, whole } from './quantities.ts'
import { quoted } from './reproduce.ts'
import { requireWritable, saveText } from './trace-file.ts'
import { watched } from './watched.ts'

interface Flags {
  readonly bin?: string
  readonly workload?: string
  readonly nodes?: number
  readonly clients?: number
  readonly ops?: number
  readonly level?: string
  readonly seed?: number
  readonly schedules?: number
  readonly strategy?: NonNullable<MaelstromOptions['strategy']>
  readonly drops?: number
  readonly duplicates?: number
  readonly partitions?: number
  readonly clock?: NonNullable<MaelstromOptions['clock']>
  readonly timeLimit?: number
  readonly replay?: string
  readonly out?: string
  readonly json?: boolean
}

const statuses = { holds: exitStatus.holds, violated: exitStatus.violated, inconclusive: exitStatus.inconclusive } as const

export const defineMaelstrom: Command = (root, io, end) => {
  root
    .command('maelstrom')
    .description("Run programs that speak Maelstrom's protocol, with us as the network, and judge what their clients saw.")
    .argument('[argument...]', 'handed to the program; put them behind --')
    .option('--bin <program>', 'a file of JavaScript, or a program in any language')
    .addOption(new Option('--workload <name>', 'what clients do, and by what it is judged').choices(maelstromWorkloads))
    .option('--nodes <n>', 'how many of it (default: 3)', whole(1))
    .option('--clients <n>', 'each talks to one node (default: as many as nodes)', whole(1))
    .option('--ops <n>', 'operations of all clients in one schedule (default: 20)', whole(1))
    .option('--level <level>', 'of txn-list-append (default: strict-serializable)')
    .optionsGroup('Schedules:')
    .option('--schedules <n>', 'how many (default: 20)', whole(1))
    .option('--seed <n>', 'of the first; the next has the next (default: 1)', whole(0))
    .addOption(new Option('--strategy <name>', 'how they are drawn (default: random)').choices(maelstromStrategies))
    .option('--drops <n>', 'messages of nodes that are lost, at most so many in a schedule', whole(0))
    .option('--duplicates <n>', 'messages between nodes that arrive twice', whole(0))
    .option('--partitions <n>', 'times that the nodes are parted in two', whole(0))
    .addOption(
      new Option('--clock <clock>', 'virtual: time is a step of the schedule, for programs of Node (default: auto)').choices(
        maelstromClocks,
      ),
    )
    .option('--time-limit <duration>', 'for everything together, such as 30s, 5m', duration)
    .optionsGroup('What to do with what is found:')
    .option('--out <file>', 'write the smallest schedule under which something goes wrong')
    .option('--replay <file>', 'take the steps of such a file again')
    .option('--json', 'print one JSON document, and nothing else')
    .addHelpText('after', help)
    .action(async (args: readonly string[], flags: Flags) => end(await maelstrom(args, flags, io)))
}

const help = `
Examples:
  counterpoint maelstrom --bin ./node.js --workload lin-kv
  counterpoint maelstrom --bin ./node.js --workload broadcast --drops 3 --out lost.json
  counterpoint maelstrom --replay lost.json

Exit status: 0 nothing is wrong, 1 something is (clients saw what they must not, or a node has ended
or broken the protocol), 2 bad usage or input, 3 inconclusive.`

async function maelstrom(args: readonly string[], flags: Flags, io: Io): Promise<number> {
  const { out, json = false } = flags
  if (out !== undefined) requireWritable(out, io.cwd)
  const result = await watched(io, json, ({ signal, say }) =>
    ran(args, flags, io, { signal, onRun: ({ kind, count }) => say(progressText(kind, count)) }),
  )
  const { document } = result
  const isSaved = out !== undefined && document !== null && saved(writeSchedule(document), out, io)
  io.stdout.write(json ? `${JSON.stringify(documentOf(result), null, 2)}\n` : text(result, flags, isSaved, io))
  return result.interrupted ? exitStatus.interrupted : statuses[result.verdict]
}

function progressText(kind: 'schedule' | 'shrink', count: number): string {
  return kind === 'schedule' ? `schedule ${count + 1}` : `something is wrong; making the schedule small: run ${count + 1}`
}

function ran(
  args: readonly string[],
  flags: Flags,
  { cwd: folder }: Io,
  watching: Pick<MaelstromOptions, 'signal' | 'onRun'>,
): Promise<MaelstromResult> {
  const { bin, workload, replay, timeLimit, out: _, json: __, ...rest } = flags
  const common = { folder, ...watching, ...(timeLimit === undefined ? {} : { timeLimitMs: timeLimit }) }
  if (replay !== undefined) {
    const given = workload !== undefined ? 'workload' : Object.keys(rest)[0]
    if (given !== undefined) throw new UserError('bad-option', `--${given} is said by the file that is replayed; leave it out`)
    return replayMaelstrom(readSchedule(textOf(replay, folder), replay), { ...common, ...(bin === undefined ? {} : { bin }) })
  }
  if (bin === undefined) throw new UserError('bad-option', 'there is no program; name one with --bin, or a schedule with --replay')
  if (workload === undefined)
    throw new UserError('bad-option', `there is no workload; choose one with --workload: ${maelstromWorkloads.join(', ')}`)
  return runMaelstrom({ bin, args, workload, ...rest, ...common })
}

function textOf(file: string, folder: string): string {
  try {
    return readFileSync(resolve(folder, file), 'utf8')
  } catch (error) {
    throw new UserError('bad-file', `--replay ${file}: cannot be read (${(error as Error).message}); give a file that --out has written`)
  }
}

function saved(document: string, out: string, io: Io): true {
  saveText(document, out, io.cwd)
  return true
}

function text(result: MaelstromResult, { out, replay }: Flags, isSaved: boolean, io: Io): string {
  const lines = [showMaelstrom(result, { width: printWidth(io.stdout), colours: hasColours(io.stdout, io.env) })]
  if (isSaved && out !== undefined) lines.push(`again: counterpoint maelstrom --replay ${quoted(out)}\n`)
  else if (result.document !== null && replay === undefined) lines.push('to keep the schedule and take it again, add --out FILE\n')
  return lines.join('')
}

function documentOf({ run, document, ...result }: MaelstromResult): object {
  return {
    ...result,
    wrong: run?.wrong ?? null,
    seed: run?.seed ?? null,
    history: run?.history ?? [],
    schedule: document,
  }
}
