/** `counterpoint show`: draws a trace. */
import { showReplay } from '../traces/index.ts'
import type { Command } from './command.ts'
import { exitStatus, hasColours, printWidth } from './io.ts'
import { whole } from './quantities.ts'
import { openTrace } from './trace-file.ts'

export const defineShow: Command = (root, io, end) => {
  root
    .command('show')
    .description('Draw a trace: a lane per node, messages from sender to receiver, and what each step changed.')
    .argument('<trace>', 'a file that check --out has written')
    .option('--model <model>', 'use this model, by name or file, instead of the one that the trace names')
    .option('--width <columns>', 'how wide to draw (default: the terminal, or 80)', whole(40))
    .addHelpText('after', '\nExamples:\n  counterpoint show trace.json\n  counterpoint show trace.json --width 100 > report.txt')
    .action(async (file: string, { model, width }: { readonly model?: string; readonly width?: number }) => {
      const replayed = await openTrace(file, io.cwd, model)
      io.stdout.write(showReplay(replayed, { width: width ?? printWidth(io.stdout), colour: hasColours(io.stdout, io.env) }))
      end(exitStatus.holds)
    })
}
