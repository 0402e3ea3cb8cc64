/** Finds the specification that a command names: one of this package's, or the default export of a user's file. */
import { suggest } from '../checker/errors.ts'
import { UserError } from '../checker/index.ts'
import { isSpec, type Spec, specs } from '../properties/index.ts'
import { type ExportKind, loadDefault, looksLikeFile } from './load-model.ts'

const specKind: ExportKind<Spec> = { is: isSpec, noun: 'specification', made: 'defineSpec' }

/** @throws UserError with one line that says what is wrong and where */
export async function loadSpec(name: string, cwd: string): Promise<Spec> {
  if (looksLikeFile(name)) return loadDefault(name, cwd, specKind)
  const spec = specs.get(name)
  if (spec !== undefined) return spec
  const choice = suggest(name, [...specs.keys()])
  throw new UserError(
    'bad-option',
    `--model: there is no model "${name}" of histories${choice}; they are ${[...specs.keys()].join(', ')} (one of your own is named by its file, such as ./${name}.ts)`,
  )
}
