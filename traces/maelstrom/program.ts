/** The program under test: how it is started, and whether its clock can be ours. */
import { closeSync, existsSync, openSync, readSync, statSync } from 'node:fs'
import { extname, resolve } from 'node:path'
import { UserError } from '../../checker/index.ts'
import { findProgram } from '../replay/servers/programs.ts'
import type { Program } from './node-process.ts'

/** Whose clock nodes go by; `auto`: ours where the program is one of Node. */
export const clocks = ['auto', 'virtual', 'real'] as const
export type Clock = (typeof clocks)[number]

export interface ProgramOptions {
  /** A file of JavaScript, or a program that can be executed. */
  readonly bin: string
  readonly args?: readonly string[]
  readonly folder: string
  readonly clock?: Clock
}

/** @throws UserError `bad-option` for what is not there, or cannot be run */
export function programOf({ bin, args = [], folder, clock = 'auto' }: ProgramOptions): Program {
  const file = resolve(folder, bin)
  if (['.js', '.mjs', '.cjs'].includes(extname(bin)) && existsSync(file))
    return { command: process.execPath, args: [file, ...args], folder, clock: clock === 'auto' ? 'virtual' : clock }
  const found = existsSync(file) && statSync(file).isFile() ? file : findProgram(bin)
  if (found === null) throw new UserError('bad-option', `--bin ${bin}: there is no such file; give a file of JavaScript or a program`)
  if (!isExecutable(found)) throw new UserError('bad-option', `--bin ${bin}: is not executable; make it so with chmod +x`)
  return { command: found, args, folder, clock: clock === 'auto' ? (isOfNode(found) ? 'virtual' : 'real') : clock }
}

function isExecutable(file: string): boolean {
  return (statSync(file).mode & 0o111) !== 0
}

/** By its first line. */
function isOfNode(file: string): boolean {
  const start = Buffer.alloc(100)
  const opened = openSync(file, 'r')
  try {
    readSync(opened, start, 0, start.length, 0)
  } finally {
    closeSync(opened)
  }
  return /^#!.*\bnode\b/.test(start.toString('utf8').split('\n')[0] ?? '')
}
