/** `counterpoint show`: draws a trace. */
import { type Replay, reportHtml, showReplay, traceReport } from '../traces/index.ts'
import type { Command } from './command.ts'
import { exitStatus, hasColours, printWidth } from './io.ts'
import { whole } from './quantities.ts'
import { quoted, reproduceCommand } from './reproduce.ts'
import { openTrace, requireWritable, saveText } from './trace-file.ts'

interface Flags {
  readonly model?: string
  readonly width?: number
  readonly html?: string
}

export const defineShow: Command = (root, io, end) => {
  root
    .command('show')
    .description('Draw a trace: a lane per node, messages from sender to receiver, and what each step changed.')
    .argument('<trace>', 'a file that check --out has written')
    .option('--model <model>', 'use this model, by name or file, instead of the one that the trace names')
    .option('--width <columns>', 'how wide to draw (default: the terminal, or 80)', whole(40))
    .option('--html <file>', 'write a page to look at in a browser instead: one file that needs nothing else')
    .addHelpText(
      'after',
      '\nExamples:\n  counterpoint show trace.json\n  counterpoint show trace.json --width 100 > report.txt\n  counterpoint show trace.json --html report.html',
    )
    .action(async (file: string, { model, width, html }: Flags) => {
      if (html !== undefined) requireWritable(html, io.cwd, '--html')
      const replayed = await openTrace(file, io.cwd, model)
      if (html !== undefined) {
        saveText(reportHtml(traceReport(replayed, { command: commandOf(replayed, model) })), html, io.cwd, '--html')
        io.stdout.write(`open ${quoted(html)} in a browser\n`)
      } else io.stdout.write(showReplay(replayed, { width: width ?? printWidth(io.stdout), colour: hasColours(io.stdout, io.env) }))
      end(exitStatus.holds)
    })
}

/** The command that finds the same trace, or one like it. */
function commandOf({ trace, program }: Replay, model: string | undefined): string {
  const { constants, bugs, property, strategy, seed, fairness } = trace
  return reproduceCommand({
    model: model ?? trace.file ?? program.model.name,
    constants,
    bugs,
    properties: [property],
    strategy,
    ...(seed !== null && { seed }),
    ...(fairness === false && { fairness }),
  })
}
