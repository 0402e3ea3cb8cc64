#!/usr/bin/env node
/** The `counterpoint` binary. */
import { Console } from 'node:console'
import { processIo } from './io.ts'
import { run } from './run.ts'

// What a user's model prints must not get between the results.
globalThis.console = new Console(process.stderr, process.stderr)

// Setting the status, rather than exiting, lets what was written arrive.
process.exitCode = await run(process.argv.slice(2), processIo())
