/** `counterpoint check`: explores a model and reports. */
import { type Command as Commander, Option } from 'commander'
import { type CheckResult, program, type Strategy, UserError } from '../checker/index.ts'
import { checkReport, reportHtml } from '../traces/index.ts'
import { checkTables } from './check-table.ts'
import { assigned, type Command, collect } from './command.ts'
import { exitStatus, hasColours, type Io, printWidth } from './io.ts'
import { loadModel } from './load-model.ts'
import { counted, duration, plural, size, whole } from './quantities.ts'
import { reportText } from './report.ts'
import { type CheckRequest, quoted, reproduceCommand } from './reproduce.ts'
import { search } from './search.ts'
import { headerText, type Printing, strategyNames } from './summary.ts'
import { requireApart, requireWritable, type Saved, saveText, saveTrace } from './trace-file.ts'

interface Flags {
  readonly set?: readonly string[]
  readonly bug?: readonly string[]
  readonly property?: readonly string[]
  readonly strategy: Strategy
  readonly seed?: number
  readonly walks?: number
  readonly bugDepth?: number
  readonly maxStates?: number
  readonly maxDepth?: number
  readonly time?: string
  readonly memory?: string
  readonly maxViolations?: number
  readonly purityCheck: boolean
  readonly fairness: boolean
  readonly minimize?: boolean
  readonly json?: boolean
  readonly table?: string | true
  readonly markdown?: boolean
  readonly out?: string
  readonly html?: string
}

export const defineCheck: Command = (root, io, end) => {
  root
    .command('check')
    .description('Explore every state of a model, or many random paths, and report which properties hold.')
    .argument('<model>', 'a model that `counterpoint list` names, or a file whose default export is one (.ts, .mts, .js, .mjs)')
    .optionsGroup('What to check:')
    .option('--set <name=value>', 'override a constant (repeatable)', collect)
    .option('--bug <name>', 'plant a known bug (repeatable); brings the constants that show it', collect)
    .option('--property <name>', 'check only this property (repeatable)', collect)
    .option('--table [name]', 'judge a table of verdicts that the model has, or all of them, and hold it against what is expected')
    .option('--no-fairness', 'leave aside the fairness that actions declare: an execution may stop anywhere')
    .optionsGroup('How to search:')
    .addOption(
      new Option('--strategy <name>', 'bfs finds shortest counterexamples; random and pct take walks')
        .choices(['bfs', 'dfs', 'random', 'pct'])
        .default('bfs'),
    )
    .option('--seed <n>', 'seed of the walks (default: 1)', whole(Number.MIN_SAFE_INTEGER))
    .option('--walks <n>', 'how many walks to take (default: 10000)', whole(1))
    .option('--bug-depth <n>', 'ordering constraints that a bug may need, for pct (default: 3)', whole(1))
    .option('--max-violations <n>', 'collect so many different counterexamples (default: 1)', whole(1))
    .option('--no-purity-check', 'run each function of the model once, not twice, on a new input')
    .optionsGroup('Limits (reaching one makes the verdict inconclusive):')
    .option('--max-states <n>', 'distinct states', whole(1))
    .option('--max-depth <n>', 'steps from an initial state (default for walks: 100)', whole(0))
    .option('--time <duration>', 'such as 30s, 5m, 2h', checked(duration))
    .option('--memory <size>', 'of the whole process, such as 500m, 4g', checked(size))
    .optionsGroup('What to print:')
    .option('--json', 'print the result as one JSON document, and nothing else')
    .option('--markdown', 'print a table in Markdown')
    .option('--out <file>', 'write the counterexample there, for show and replay; those of --table into a folder')
    .option('--html <file>', 'write a page that shows the counterexample and what was explored')
    .option('--minimize', 'leave out of a counterexample every step that can be (the default, but for bfs)')
    .option('--no-minimize', 'print counterexamples as they were found')
    .addHelpText('after', examples)
    .action(async (name: string, flags: Flags, command: Commander) => {
      const request = requestOf(name, flags)
      const [json, markdown] = [flags.json === true, flags.markdown === true]
      if (flags.table === undefined) {
        if (markdown) throw new UserError('bad-option', '--markdown prints tables; add --table, or leave it out')
        return end(await runCheck(request, flags, io))
      }
      refuseBeside('--table', command)
      if (json && markdown) throw new UserError('bad-option', '--json and --markdown are two forms of the same; leave one out')
      end(await checkTables(request, { json, markdown }, io))
    })
}

const examples = `
Examples:
  counterpoint check two-phase-commit --set resourceManagers=7
  counterpoint check two-phase-commit --strategy pct --seed 7 --time 30s
  counterpoint check ./my-model.ts --bug lost-update --out trace.json
  counterpoint check ./my-model.ts --json | jq .verdict
  counterpoint check transactions --table berenson

Exit status: 0 holds, 1 violated, 2 bad usage or input, 3 inconclusive, 130 interrupted.`

/** Every cell of a table says itself what is checked, and is searched breadth first: nothing else decides both ways. */
function refuseBeside(table: string, command: Commander): void {
  const taken = ['table', 'json', 'markdown', 'out', 'maxStates', 'maxDepth', 'time', 'memory', 'purityCheck']
  const refused = command.options.find((option) => {
    const name = option.attributeName()
    const isGiven = command.getOptionValueSource(name) === 'cli' && option.negate === (command.getOptionValue(name) === false)
    return isGiven && !taken.includes(name)
  })
  if (refused !== undefined)
    throw new UserError('bad-option', `${refused.long} does not go with ${table}, whose cells say themselves what is checked; leave it out`)
}

/** Validates an option's value, and keeps it as it was given. */
export function checked(parse: (text: string) => number): (text: string) => string {
  return (text) => {
    parse(text)
    return text
  }
}

function requestOf(model: string, flags: Flags): CheckRequest {
  const { set = [], bug = [], property = [], purityCheck, json: _, markdown: __, html: ___, ...rest } = flags
  return {
    ...rest,
    model,
    constants: assigned(set),
    bugs: [...new Set(bug)],
    properties: [...new Set(property)],
    checkPurity: purityCheck,
    ...(flags.time !== undefined && { timeMs: duration(flags.time) }),
    ...(flags.memory !== undefined && { memoryBytes: size(flags.memory) }),
  }
}

async function runCheck(request: CheckRequest, { json = false, html }: Flags, io: Io): Promise<number> {
  const loaded = await loadModel(request.model, io.cwd)
  const instance = program(loaded.model, request)
  if (request.out !== undefined) requireWritable(request.out, io.cwd)
  if (html !== undefined) requireWritable(html, io.cwd, '--html')
  requireApart(
    [
      ['--out', request.out],
      ['--html', html],
    ],
    io.cwd,
  )
  const printing: Printing = { width: printWidth(io.stdout), colour: hasColours(io.stdout, io.env) }
  if (!json) io.stdout.write(`${headerText(instance, strategyText(request), printing)}\n`)

  const { result, minimal } = await search(loaded.model, request, json, io)
  const { written, failure } = saveAll(result, request.out, io.cwd, loaded.file)
  if (json) io.stdout.write(`${JSON.stringify(result, null, 2)}\n`)
  else io.stdout.write(reportText(result, instance, { request, written, minimal, printing }))
  if (html !== undefined) {
    saveText(reportHtml(checkReport(result, instance, reproduceCommand(request))), html, io.cwd, '--html')
    if (!json) io.stdout.write(`open ${quoted(html)} in a browser\n`)
  }
  // A full disk must not cost the result of a long search.
  if (failure !== undefined) throw failure
  return result.limit === 'interrupted' ? exitStatus.interrupted : exitStatus[result.verdict]
}

function strategyText({ strategy = 'bfs', seed = 1, walks = 10_000, maxDepth = 100, bugDepth = 3 }: CheckRequest): string {
  if (strategy === 'bfs' || strategy === 'dfs') return strategyNames[strategy]
  const depth = strategy === 'pct' ? `, bug depth ${bugDepth}` : ''
  return `${strategyNames[strategy]}: seed ${seed}, ${counted(walks)} walks of at most ${plural(maxDepth, 'step')}${depth}`
}

function saveAll({ violations }: CheckResult, out: string | undefined, cwd: string, modelFile: string | null): Saved {
  if (out === undefined) return { written: [] }
  const written: string[] = []
  try {
    for (const [i, { trace, part }] of violations.entries()) {
      const file = i === 0 ? out : out.replace(/(\.[^./\\]*)?$/, `-${i + 1}$1`)
      saveTrace({ ...trace, part }, file, cwd, modelFile)
      written.push(file)
    }
    return { written }
  } catch (failure) {
    return { written, failure }
  }
}
