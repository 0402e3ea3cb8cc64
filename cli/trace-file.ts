/** Trace documents on disk: read with the model that they belong to, and written whole or not at all. */
import { accessSync, constants, existsSync, readFileSync, statSync } from 'node:fs'
import { dirname, relative, resolve, sep } from 'node:path'
import { isUserError, type Model, UserError } from '../checker/index.ts'
import { type Replay, readTrace, replay, type TraceDocument, writeTrace, writeWhole } from '../traces/index.ts'
import { catalogued, loadModel } from './load-model.ts'

/**
 * Reads a trace, finds its model, and re-executes it.
 * @param override the model to use instead of the one that the trace names
 * @throws UserError where the file, the model or the trace is not as it should be
 */
export async function openTrace(file: string, cwd: string, override: string | undefined): Promise<Replay> {
  const trace = readTrace(readText(resolve(cwd, file), file), file)
  const model = await modelOf(trace, file, cwd, override)
  try {
    return replay(model, trace)
  } catch (error) {
    throw isUserError(error) ? new UserError(error.code, `${file}: ${error.message}`) : error
  }
}

/** Refuses a place where a trace cannot be written, before the search rather than after it. */
export function requireWritable(file: string, cwd: string, flag = '--out'): void {
  const path = resolve(cwd, file)
  if (!isFolder(dirname(path))) throw new UserError('bad-file', `${flag} ${file}: there is no folder ${dirname(file)}; make it first`)
  if (existsSync(path) && !statSync(path).isFile()) throw new UserError('bad-file', `${flag} ${file}: is not a file; name a file to write`)
  if (!isWritable(dirname(path)))
    throw new UserError('bad-file', `${flag} ${file}: the folder ${dirname(file)} is not writable; choose another one`)
}

/** The same for a folder that is to hold several. */
export function requireWritableFolder(folder: string, cwd: string, flag = '--out'): void {
  const path = resolve(cwd, folder)
  if (!isFolder(path)) throw new UserError('bad-file', `${flag} ${folder}: there is no such folder; make it first`)
  if (!isWritable(path)) throw new UserError('bad-file', `${flag} ${folder}: the folder is not writable; choose another one`)
}

/**
 * Refuses to write over a file that is read, and two documents into one.
 * @param writes the flags that name files to write, with the files
 * @param read the file that is read, where there is one
 */
export function requireApart(writes: readonly (readonly [flag: string, file: string | undefined])[], cwd: string, read?: string): void {
  const taken = new Map(read === undefined ? [] : [[resolve(cwd, read), 'is the trace itself, which would be lost']])
  for (const [flag, file] of writes) {
    if (file === undefined) continue
    const path = resolve(cwd, file)
    const why = taken.get(path)
    if (why !== undefined) throw new UserError('bad-file', `${flag} ${file}: ${why}; name another file`)
    taken.set(path, `is what ${flag} writes, too`)
  }
}

/** What several traces came to. */
export interface Saved {
  /** The files that were written. */
  readonly written: readonly string[]
  /** Why the others were not. */
  readonly failure?: unknown
}

/** Writes a trace document. */
export function saveTrace(trace: TraceDocument, file: string, cwd: string, modelFile: string | null): void {
  const folder = dirname(resolve(cwd, file))
  const located = modelFile === null ? trace : { ...trace, file: relative(folder, modelFile).split(sep).join('/') }
  saveText(writeTrace(located), file, cwd)
}

/** The name itself, or with a number, such that no file has it yet. */
export function freeName(file: string, cwd: string): string {
  let name = file
  for (let i = 2; existsSync(resolve(cwd, name)); i++) name = file.replace(/(\.[^./\\]*)?$/, `-${i}$1`)
  return name
}

/** Writes a file that a flag names; a reader never sees half of it, and after a failure nothing is left. */
export function saveText(text: string, file: string, cwd: string, flag = '--out'): void {
  try {
    writeWhole(resolve(cwd, file), text)
  } catch (error) {
    throw new UserError('bad-file', `${flag} ${file}: cannot be written (${(error as Error).message}); choose another place`)
  }
}

function isFolder(path: string): boolean {
  return existsSync(path) && statSync(path).isDirectory()
}

function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK)
    return true
  } catch {
    return false
  }
}

function readText(path: string, file: string): string {
  if (!existsSync(path))
    throw new UserError('bad-file', `${file}: there is no such file; give the path of a trace that counterpoint check --out has written`)
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw new UserError('bad-file', `${file}: cannot be read (${(error as Error).message}); give the path of a trace`)
  }
}

async function modelOf(trace: TraceDocument, file: string, cwd: string, override: string | undefined): Promise<Model> {
  if (override !== undefined) return (await loadModel(override, cwd)).model
  try {
    if (trace.file === undefined) return catalogued(trace.model)
    return (await loadModel(relative(cwd, resolve(cwd, dirname(file), trace.file)) || trace.file, cwd)).model
  } catch (error) {
    throw isUserError(error) ? new UserError('bad-trace', `${file}: its model: ${error.message}; or name its file with --model`) : error
  }
}
