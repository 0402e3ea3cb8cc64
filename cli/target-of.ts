/** The system that --on names: one that this package knows, or the default export of a user's file. */
import { UserError } from '../checker/index.ts'
import { isTarget, type Target, type TargetOptions, targetNamed } from '../traces/index.ts'
import { type ExportKind, loadDefault, looksLikeFile } from './load-model.ts'

/** @throws UserError for one that there is not, that is not installed, or that has no such level */
export async function targetOf(name: string, options: TargetOptions, cwd: string): Promise<Target> {
  const target = looksLikeFile(name) ? await loadDefault(name, cwd, targetKind) : targetNamed(name, options)
  const missing = options.url === undefined ? target.missing() : null
  if (missing === null) return target
  const remedy = target.isInProcess ? '' : ', or give a server with --target'
  throw new UserError('bad-option', `--on ${target.name}: it is not installed; ${missing}${remedy}`)
}

const targetKind: ExportKind<Target> = { is: isTarget, noun: 'implementation', made: 'implementation' }
