/** Finds the model that a command names: one of this package's, or the default export of a user's TypeScript or JavaScript file. */
import { existsSync, statSync } from 'node:fs'
import { register } from 'node:module'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { suggest } from '../checker/errors.ts'
import { isModel, type Model, UserError } from '../checker/index.ts'
import { models } from '../models/index.ts'
import { loadFailure } from './load-failure.ts'

export interface LoadedModel {
  readonly model: Model
  /** The absolute path of the user's file; `null` for a model of this package. */
  readonly file: string | null
}

/**
 * Loads a model by its name or by the path of its file.
 * @throws UserError with one line that says what is wrong and where
 */
export async function loadModel(name: string, cwd: string): Promise<LoadedModel> {
  if (looksLikeFile(name)) return { model: await loadDefault(name, cwd, modelKind), file: resolve(cwd, name) }
  return { model: catalogued(name), file: null }
}

export function catalogued(name: string): Model {
  const model = models.find((candidate) => candidate.name === name)
  if (model !== undefined) return model
  const choice = suggest(
    name,
    models.map((candidate) => candidate.name),
  )
  throw new UserError('bad-option', `there is no model "${name}"${choice} (a model of your own is named by its file, such as ./${name}.ts)`)
}

/** With what it is called before it: an implementation, a model. */
function article(noun: string): string {
  return `${/^[aeiou]/.test(noun) ? 'an' : 'a'} ${noun}`
}

/** What a file's default export has to be. */
export interface ExportKind<T> {
  readonly is: (value: unknown) => value is T
  readonly noun: string
  /** The function that makes it. */
  readonly made: string
}

const modelKind: ExportKind<Model> = { is: isModel, noun: 'model', made: 'defineModel' }

export function looksLikeFile(name: string): boolean {
  return /[\\/]/.test(name) || /\.[cm]?[jt]s$/.test(name)
}

/**
 * The default export of a user's file, which may import this package whether or not it is installed.
 * @throws UserError with one line that says what is wrong and where
 */
export async function loadDefault<T>(shown: string, cwd: string, { is, noun, made }: ExportKind<T>): Promise<T> {
  const path = resolve(cwd, shown)
  if (!existsSync(path)) throw new UserError('bad-file', `${shown}: there is no such file; give the path of ${article(noun)} file`)
  if (!statSync(path).isFile() || !/\.[cm]?[jt]s$/.test(path)) {
    throw new UserError('bad-file', `${shown}: is not ${article(noun)} file; give the path of a .ts, .mts, .js or .mjs file`)
  }
  await prepareLoading(path)
  const loaded = await importModule(path, shown)
  const exported = defaultExport(loaded, is)
  if (is(exported)) return exported
  if (exported === undefined) {
    const named = Object.entries(loaded).find(([, value]) => is(value))?.[0]
    const remedy = named === undefined ? `add: export default ${made}({ ... })` : `add: export default ${named}`
    throw new UserError('bad-file', `${shown}: has no default export; ${remedy}`)
  }
  const kind = Array.isArray(exported) ? 'an array' : exported === null ? 'null' : `a value of type ${typeof exported}`
  throw new UserError('bad-file', `${shown}: its default export is ${kind} and not ${article(noun)}; export what ${made} returns`)
}

async function importModule(path: string, shown: string): Promise<Record<string, unknown>> {
  try {
    return (await import(pathToFileURL(path).href)) as Record<string, unknown>
  } catch (error) {
    throw new UserError('bad-file', loadFailure(error, path, shown))
  }
}

/** CommonJS compiled from ES modules has its default export one level further down. */
function defaultExport(loaded: Readonly<Record<string, unknown>>, is: (value: unknown) => boolean): unknown {
  const exported = loaded['default']
  const inner = typeof exported === 'object' && exported !== null ? (exported as { default?: unknown }).default : undefined
  return inner !== undefined && !is(exported) ? inner : exported
}

let prepared: 'typescript' | 'javascript' | undefined

/** Once per process, and only where a user's file is loaded at all. */
async function prepareLoading(path: string): Promise<void> {
  const typescript = /\.[cm]?ts$/.test(path)
  process.setSourceMapsEnabled(true)
  if (typescript && prepared !== 'typescript') (await import('tsx/esm/api')).register()
  if (prepared === undefined) {
    const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js'
    const own = (path: string): string => new URL(`../${path}/index.${extension}`, import.meta.url).href
    const layers = ['models', 'properties', 'traces'].map((layer) => [`counterpoint/${layer}`, own(layer)])
    const data: Record<string, string> = { counterpoint: own('checker'), ...Object.fromEntries(layers) }
    register(`./model-hooks.${extension}`, import.meta.url, { data })
  }
  prepared = typescript ? 'typescript' : (prepared ?? 'javascript')
}
