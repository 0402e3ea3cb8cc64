/** `counterpoint fuzz`: takes random walks of a model on an implementation, and holds what each step comes to against the model. */
import { UserError } from '../checker/index.ts'
import { type FuzzProgress, type FuzzResult, fuzz, showFuzz, targets } from '../traces/index.ts'
import { assigned, type Command, collect } from './command.ts'
import { exitStatus, hasColours, type Io, printWidth } from './io.ts'
import { loadModel } from './load-model.ts'
import { counted, plural, whole } from './quantities.ts'
import { withoutPassword } from './replay-on.ts'
import { quoted } from './reproduce.ts'
import { targetOf } from './target-of.ts'
import { requireWritable, saveTrace } from './trace-file.ts'
import { watched } from './watched.ts'

interface Flags {
  readonly on?: string
  readonly level?: string
  readonly target?: string
  readonly set?: readonly string[]
  readonly bug?: readonly string[]
  readonly runs?: number
  readonly steps?: number
  readonly seed?: number
  readonly out?: string
  readonly json?: boolean
}

const statuses = { conforms: exitStatus.holds, diverged: exitStatus.violated, inconclusive: exitStatus.inconclusive } as const

export const defineFuzz: Command = (root, io, end) => {
  root
    .command('fuzz')
    .description('Take random walks of a model on an implementation, and hold what each step comes to against the model.')
    .argument('<model>', 'a model that `counterpoint list` names, or a file whose default export is one (.ts, .mts, .js, .mjs)')
    .option('--on <target>', `${targets.map(({ name }) => name).join(', ')}, or a file whose default export is an implementation`)
    .option('--level <level>', "how the target isolates transactions or keeps data, in its own words, such as 'repeatable read'")
    .option('--target <url>', 'use this server, where only what is made for the walks is touched (default: a private one)')
    .optionsGroup('What to walk:')
    .option('--set <name=value>', 'override a constant of the model (repeatable)', collect)
    .option('--bug <name>', 'plant a known bug in the model (repeatable); brings the constants that show it', collect)
    .option('--runs <n>', 'how many walks (default: 100)', whole(1))
    .option('--steps <n>', 'steps of a walk at the most (default: 30)', whole(1))
    .option('--seed <n>', 'of the first walk; the next has the next (default: 1)', whole(0))
    .optionsGroup('What to do with what is found:')
    .option('--out <file>', 'write the smallest walk that diverges, for replay --on')
    .option('--json', 'print one JSON document, and nothing else')
    .addHelpText('after', help)
    .action(async (name: string, flags: Flags) => end(await runFuzz(name, flags, io)))
}

const help = `
Examples:
  counterpoint fuzz grow-only-counter --on yjs --runs 200
  counterpoint fuzz ./lease-model.ts --on ./lease-lock.ts --seed 7 --out diverged.json
  counterpoint replay diverged.json --on ./lease-lock.ts

Exit status: 0 no walk diverged, 1 one did, 2 bad usage or input, 3 inconclusive, 130 interrupted.`

async function runFuzz(name: string, flags: Flags, io: Io): Promise<number> {
  const { on, level, target: url, set = [], bug = [], runs = 100, steps = 30, seed = 1, out, json = false } = flags
  if (on === undefined)
    throw new UserError('bad-option', 'there is no implementation; name one with --on: a target, or a file such as ./my-lock.ts')
  const options = { ...(level !== undefined && { level }), ...(url !== undefined && { url }) }
  const [loaded, target] = [await loadModel(name, io.cwd), await targetOf(on, options, io.cwd)]
  if (out !== undefined) requireWritable(out, io.cwd)
  const walking = { constants: assigned(set), bugs: [...new Set(bug)], runs, steps, seed }
  const result = await watched(io, json && !io.stderr.isTTY, ({ signal, say }) =>
    fuzz(loaded.model, target, { ...options, ...walking, signal, onWalk: (walks) => say(progressText(walks, runs)) }),
  )
  const { divergence } = result
  if (out !== undefined && divergence !== null) saveTrace(divergence.trace, out, io.cwd, loaded.file)
  if (json) io.stdout.write(`${JSON.stringify(result, null, 2)}\n`)
  else {
    const shown = showFuzz(result, { width: printWidth(io.stdout), colours: hasColours(io.stdout, io.env) })
    io.stdout.write(`${shown}\n${hints(name, on, flags, result)}`)
  }
  return result.interrupted ? exitStatus.interrupted : statuses[result.verdict]
}

const barWidth = 20

function progressText({ phase, walks, steps }: FuzzProgress, runs: number): string {
  if (phase === 'shrink') return `diverged; making the walk small: ${plural(walks, 'try', 'tries')}, now ${plural(steps, 'step')}`
  const done = Math.floor((barWidth * walks) / runs)
  return `${'█'.repeat(done)}${'░'.repeat(barWidth - done)} ${counted(walks)} of ${plural(runs, 'walk')}, ${plural(steps, 'step')}`
}

/** The commands that do it again: of a divergence, its walk alone. */
function hints(model: string, on: string, { level, target: url, set = [], bug = [], runs, steps, out }: Flags, result: FuzzResult): string {
  const { divergence, seed } = result
  const target = url === undefined ? undefined : withoutPassword(url)
  const flags: readonly (readonly [string, string | number | undefined])[] = [
    ['--on', on],
    ['--level', level],
    ['--target', target],
    ...set.map((one) => ['--set', one] as const),
    ...bug.map((one) => ['--bug', one] as const),
    ['--runs', divergence === null ? runs : 1],
    ['--steps', steps],
    ['--seed', divergence?.seed ?? seed],
  ]
  const given = flags.flatMap(([flag, value]) => (value === undefined ? [] : [flag, String(value)]))
  const place = [...(level === undefined ? [] : ['--level', level]), ...(target === undefined ? [] : ['--target', target])]
  const replayed =
    divergence === null
      ? ''
      : out === undefined
        ? 'to keep this walk and take it again, add --out FILE\n'
        : `again: ${['counterpoint', 'replay', out, '--on', on, ...place].map(quoted).join(' ')}\n`
  return `${replayed}reproduce: ${['counterpoint', 'fuzz', model, ...given].map(quoted).join(' ')}\n`
}
