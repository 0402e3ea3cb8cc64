/** `counterpoint show`: draws a trace. */
import { type Replay, reportHtml, showReplay, traceItf, traceMermaid, traceReport } from '../traces/index.ts'
import type { Command } from './command.ts'
import { exitStatus, hasColours, printWidth } from './io.ts'
import { whole } from './quantities.ts'
import { quoted, reproduceCommand } from './reproduce.ts'
import { openTrace, requireApart, requireWritable, saveText } from './trace-file.ts'

interface Flags {
  readonly model?: string
  readonly width?: number
  readonly html?: string
  readonly mermaid?: string
  readonly itf?: string
}

/** Files to write instead of drawing. */
const forms = {
  html: (replayed: Replay, command: string): string => reportHtml(traceReport(replayed, { command })),
  mermaid: traceMermaid,
  itf: traceItf,
} as const

export const defineShow: Command = (root, io, end) => {
  root
    .command('show')
    .description('Draw a trace: a lane per node, messages from sender to receiver, and what each step changed.')
    .argument('<trace>', 'a file that check --out has written')
    .option('--model <model>', 'use this model, by name or file, instead of the one that the trace names')
    .option('--width <columns>', 'how wide to draw (default: the terminal, or 80)', whole(40))
    .option('--html <file>', 'write a page to look at in a browser instead: one file that needs nothing else')
    .option('--mermaid <file>', 'write a sequence diagram in Mermaid instead')
    .option('--itf <file>', 'write the states in the format of Apalache and Quint instead')
    .addHelpText(
      'after',
      '\nExamples:\n  counterpoint show trace.json\n  counterpoint show trace.json --width 100 > report.txt\n  counterpoint show trace.json --html report.html',
    )
    .action(async (file: string, { model, width, ...flags }: Flags) => {
      const asked = (['html', 'mermaid', 'itf'] as const).flatMap((form) => (flags[form] === undefined ? [] : [{ form, to: flags[form] }]))
      for (const { form, to } of asked) requireWritable(to, io.cwd, `--${form}`)
      requireApart(
        asked.map(({ form, to }) => [`--${form}`, to] as const),
        io.cwd,
        file,
      )
      const replayed = await openTrace(file, io.cwd, model)
      for (const { form, to } of asked) {
        saveText(forms[form](replayed, commandOf(replayed, file, model)), to, io.cwd, `--${form}`)
        io.stdout.write(form === 'html' ? `open ${quoted(to)} in a browser\n` : `written: ${to}\n`)
      }
      if (asked.length === 0)
        io.stdout.write(showReplay(replayed, { width: width ?? printWidth(io.stdout), colour: hasColours(io.stdout, io.env) }))
      end(exitStatus.holds)
    })
}

/** The command that finds the same trace, or one like it. */
function commandOf({ trace, program }: Replay, file: string, model: string | undefined): string {
  const { constants, bugs, property, kind, strategy, seed, fairness } = trace
  // No search finds a path that shows nothing.
  if (kind === 'path') return `counterpoint replay ${quoted(file)}`
  return reproduceCommand({
    model: model ?? trace.file ?? program.model.name,
    constants,
    bugs,
    properties: [property],
    // What somebody chose by hand, a search may well find, too.
    strategy: strategy === 'by-hand' ? 'bfs' : strategy,
    ...(seed !== null && { seed }),
    ...(fairness === false && { fairness }),
  })
}
