/** `counterpoint replay`: re-executes a trace in its model, and tells whether what it shows still occurs. */
import { UserError, type Verdict } from '../checker/index.ts'
import { findingText, type Replay, targets } from '../traces/index.ts'
import { paint, span, visible, wrap } from '../traces/text.ts'
import type { Command } from './command.ts'
import { exitStatus, hasColours, printWidth } from './io.ts'
import { plural, whole } from './quantities.ts'
import { type RealFlags, replayOnTarget } from './replay-on.ts'
import { quoted } from './reproduce.ts'
import { type Printing, verdictMarks } from './summary.ts'
import { openTrace } from './trace-file.ts'

interface Flags extends RealFlags {
  readonly model?: string
  readonly json?: boolean
}

export const defineReplay: Command = (root, io, end) => {
  root
    .command('replay')
    .description('Re-execute a trace in its model, or on a real system, and tell whether the violation occurs.')
    .argument('<trace>', 'a file that check --out has written')
    .option('--model <model>', 'use this model, by name or file, instead of the one that the trace names')
    .option('--json', 'print one JSON document, and nothing else')
    .optionsGroup('On a real system:')
    .option('--on <target>', `take each step there, too: ${targets.map(({ name }) => name).join(', ')}`)
    .option('--level <level>', "how the target isolates transactions or keeps data, in its own words, such as 'repeatable read'")
    .option('--target <url>', 'use this server, where only what is made for the run is touched (default: a private one)')
    .option('--runs <n>', 'take it so often, each time from the initial state (default: 1)', whole(1))
    .option('--keep', 'leave what was made for the run where it is')
    .option('--out <file>', 'write what the clients saw there, as a history for verify (.edn or .json)')
    .option('--record <file>', 'write the trace with what was done in each step, for show and replay')
    .option('--html <file>', 'write a page that shows model and system side by side')
    .addHelpText('after', help)
    .action(async (file: string, flags: Flags) => {
      const replayed = await openTrace(file, io.cwd, flags.model)
      const printing = { width: printWidth(io.stdout), colour: hasColours(io.stdout, io.env) }
      if (flags.on !== undefined) return end(await replayOnTarget({ file, replayed, flags, json: flags.json === true }, printing, io))
      const given = (['level', 'target', 'runs', 'keep', 'out', 'record', 'html'] as const).find((name) => flags[name] !== undefined)
      if (given !== undefined) throw new UserError('bad-option', `--${given} is for a real system; name one with --on, or leave it out`)
      io.stdout.write(flags.json ? `${JSON.stringify(document(replayed), null, 2)}\n` : text(replayed, file, printing))
      end(exitStatus[verdictOf(replayed)])
    })
}

const help = `
Examples:
  counterpoint replay trace.json
  counterpoint replay trace.json --model ./fixed-model.ts
  counterpoint replay trace.json --on postgres --level 'repeatable read'

Exit status: 1 the violation still occurs, 0 it no longer does, 2 the trace does not fit the model.
On a real system: 1 reproduced, 0 prevented, 3 it diverged from the model, or inconclusive.`

/** A witness that is gone does not mean that there is none: that would take a check. */
function verdictOf({ trace, finding }: Replay): Verdict {
  if (trace.kind === 'path') return 'holds'
  if (trace.kind === 'sometimes') return finding === null ? 'inconclusive' : 'holds'
  return finding === null ? 'holds' : 'violated'
}

function document(replayed: Replay): Readonly<Record<string, unknown>> {
  const { trace, finding, refused } = replayed
  const { model, constants, bugs, property, kind, steps, loop } = trace
  return {
    model,
    constants,
    bugs,
    property,
    kind,
    verdict: verdictOf(replayed),
    steps: steps.length,
    ...(loop !== undefined && { loop, refused: refused ?? null }),
    part: finding?.part ?? null,
    message: finding?.message ?? null,
  }
}

function text(replayed: Replay, file: string, { width, colour }: Printing): string {
  const { trace, finding, refused } = replayed
  const verdict = verdictOf(replayed)
  const { mark, style } = verdictMarks[verdict]
  const steps = `${plural(trace.steps.length, 'step')} of model ${trace.model} replayed${lassoText(trace)}`
  const word =
    trace.kind === 'sometimes'
      ? finding
        ? 'still witnessed'
        : 'no longer witnessed by this trace'
      : finding
        ? 'still violated'
        : 'no longer violated by this trace'
  if (trace.kind === 'path' && trace.real !== undefined) {
    const told = wrap([span(`${steps}: the model allows them. An implementation did not go along: ${visible(trace.message)}`)], {
      width,
      indent: 2,
    })
    return `${told.map((line) => paint(line, colour)).join('\n')}\ntake them there again: counterpoint replay ${quoted(file)} --on TARGET\n`
  }
  const what =
    trace.kind === 'path'
      ? [span(`${mark} the model allows it`, ['bold', style]), span(`; it ${visible(trace.message)}`)]
      : [
          span(`${mark} ${trace.property}`, ['bold', style]),
          span(
            ` is ${word}${finding === null ? (refused === undefined ? '' : `: ${visible(refused)}`) : `: ${visible(findingText(finding))}`}`,
          ),
        ]
  const lines = wrap(what, { width, indent: 2 })
  return `${steps}\n${lines.map((line) => paint(line, colour)).join('\n')}\nsee it: counterpoint show ${quoted(file)}\n`
}

function lassoText({ steps, loop }: Replay['trace']): string {
  if (loop === undefined) return ''
  return loop === steps.length ? ', and then nothing for ever' : `, those after step ${loop} for ever`
}
