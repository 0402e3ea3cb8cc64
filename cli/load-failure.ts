/** Why a user's model file could not be loaded, in one line: the place as exactly as the error tells it, and what is wrong there. */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { isUserError } from '../checker/index.ts'

/**
 * @param path the absolute path of the file
 * @param shown the file as the user named it
 */
export function loadFailure(error: unknown, path: string, shown: string): string {
  if (isUserError(error)) return `${shown}: ${error.message}`
  if (!(error instanceof Error)) return `${shown}: threw ${String(error)} while loading; correct the file`
  const [message = ''] = error.message.split('\n')
  // Of esbuild, which compiles TypeScript for tsx.
  const compiler = /^(.+):(\d+):(\d+): ERROR: (.+)$/m.exec(error.message)
  if (compiler) {
    const [, file = path, line, column, what] = compiler
    // esbuild counts columns from 0, editors from 1.
    return `${name(file, path, shown)}:${line}:${Number(column) + 1}: syntax error: ${what}`
  }
  if (error.name === 'SyntaxError') return syntaxError(error, message, path, shown)
  if ((error as NodeJS.ErrnoException).code === 'ERR_MODULE_NOT_FOUND') return `${shown}: ${message}; install it, or correct the import`
  return `${shown}${placeOfThrow(error, path)}: threw while loading: ${error.name}: ${message}`
}

function syntaxError(error: Error, message: string, path: string, shown: string): string {
  const [, file, line] = /^(file:\/\/.+|\/.+):(\d+)$/m.exec(error.stack ?? '') ?? []
  const at = file === undefined ? `${shown}${lineOfSyntaxError(path)}` : `${name(file, path, shown)}:${line}`
  return /^The requested module/.test(message) ? `${at}: ${message}` : `${at}: syntax error: ${message}`
}

/** An import that fails does not say where; asked to check the text alone, Node does. */
function lineOfSyntaxError(path: string): string {
  const { stderr } = spawnSync(process.execPath, ['--check', '--input-type=module'], { input: readFileSync(path), encoding: 'utf8' })
  const line = /^\[stdin\]:(\d+)$/m.exec(stderr)?.[1]
  return line === undefined ? '' : `:${line}`
}

function placeOfThrow(error: Error, path: string): string {
  const frames = (error.stack ?? '').matchAll(/\(?((?:file:\/\/)?\/[^\s()]+?)(?:\?[^\s():]*)?:(\d+):(\d+)\)?$/gm)
  const frame = [...frames].find(([, file = '']) => asPath(file) === path)
  return frame === undefined ? '' : `:${frame[2]}:${frame[3]}`
}

function name(file: string, path: string, shown: string): string {
  return asPath(file) === path ? shown : relative(process.cwd(), asPath(file))
}

function asPath(file: string): string {
  return file.startsWith('file:') ? fileURLToPath(file) : file
}
