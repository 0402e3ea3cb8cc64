/** Paths of a model as an arbitrary: an action among those that are enabled, then one of its ways; shrunk by leaving out steps. */
import fc from 'fast-check'
import groupBy from 'lodash/groupBy.js'
import { type Simulation, UserError } from '../checker/index.ts'
import { beginning, continuations, initialPaths, type Path, shorter } from './fuzz/path.ts'

export interface PathOptions {
  /** Steps at the most. */
  readonly maxLength: number
  /** How many steps of a path were needed for it to fail, if that is known. */
  readonly needed?: (path: Path) => number | undefined
  /** Makes paths as short as can be, by many tries. */
  readonly isThorough?: boolean
}

export class PathArbitrary extends fc.Arbitrary<Path> {
  readonly #sim: Simulation
  readonly #initial: readonly Path[]
  readonly #options: PathOptions

  constructor(sim: Simulation, options: PathOptions) {
    super()
    this.#sim = sim
    this.#initial = initialPaths(sim)
    this.#options = options
  }

  override generate(random: fc.Random): fc.Value<Path> {
    const one = <T>(among: readonly T[]): T | undefined => (among.length === 0 ? undefined : among[random.nextInt(0, among.length - 1)])
    const initial = one(this.#initial)
    if (initial === undefined) throw new UserError('bad-model', 'no initial state of the model is within its boundary')
    let path: Path = initial
    while (path.transitions.length < this.#options.maxLength) {
      const next: Path | undefined = one(one(byAction(continuations(this.#sim, path))) ?? [])
      if (next === undefined) break
      path = next
    }
    return new fc.Value(path, undefined)
  }

  override canShrinkWithoutContext(_value: unknown): _value is Path {
    return false
  }

  override shrink(path: Path): fc.Stream<fc.Value<Path>> {
    return fc.stream(this.#smaller(path)).map((candidate) => new fc.Value(candidate, undefined))
  }

  *#smaller(path: Path): Generator<Path, void, undefined> {
    const { needed = () => undefined, isThorough = false } = this.#options
    const steps = needed(path) ?? path.transitions.length
    if (steps < path.transitions.length) yield beginning(path, steps)
    yield* shorter(this.#sim, path, isThorough)
  }
}

/** A path on which the test fails. */
export interface Failing {
  readonly path: Path
  /** How often it got shorter. */
  readonly shrinks: number
}

/**
 * Draws one path and, if the test fails on it, makes it as short as can be.
 *
 * @param test whether the implementation did as the model
 */
export async function failingPath(paths: PathArbitrary, seed: number, test: (path: Path) => Promise<boolean>): Promise<Failing | null> {
  const { counterexample, numShrinks } = await fc.check(fc.asyncProperty(paths, test), { seed, numRuns: 1 })
  return counterexample === null ? null : { path: counterexample[0], shrinks: numShrinks }
}

/** An action that can be taken in many ways, for many clients say, must not crowd the others out. */
function byAction(paths: readonly Path[]): readonly (readonly Path[])[] {
  return Object.values(groupBy(paths, ({ transitions }) => transitions.at(-1)?.action))
}
