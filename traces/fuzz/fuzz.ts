/**
 * Model-based testing: random walks of a model are taken on an implementation, and what each step comes to is held against what the model
 * allows. The walk of the first divergence shrinks to the smallest one. Source: Claessen & Hughes, Testing Monadic Code with QuickCheck
 * (Haskell Workshop 2002), for state machines; Tretmans, Model Based Testing with Labelled Transition Systems (2008), for what conforms.
 */
import { setImmediate } from 'node:timers/promises'
import { isUserError, type Model, type Program, program, simulation, UserError } from '../../checker/index.ts'
import type { TraceDocument } from '../format.ts'
import type { RecordedRun } from '../replay/recorded-run.ts'
import type { Target, TargetOptions } from '../replay/target.ts'
import { pathKey } from './path.ts'
import type { Walk } from './take-walk.ts'
import { type Counted, Tally } from './tally.ts'
import { documentOf, WalkedTarget } from './walked-target.ts'

export interface FuzzOptions extends Omit<TargetOptions, 'keep'> {
  readonly constants?: Readonly<Record<string, unknown>>
  readonly bugs?: readonly string[]
  /** Walks; 100 by default. */
  readonly runs?: number
  /** Steps of a walk at the most; 30 by default. It is shorter where nothing is enabled any more. */
  readonly steps?: number
  /** Of the first walk; the next has the next. 1 by default. */
  readonly seed?: number
  /** Ends it after the step that is being taken. */
  readonly signal?: AbortSignal
  /** Called before each walk. */
  readonly onWalk?: (progress: FuzzProgress) => void
}

export interface FuzzProgress {
  readonly phase: 'run' | 'shrink'
  /** Walks that have been taken in this phase. */
  readonly walks: number
  readonly steps: number
}

export interface FuzzResult extends Counted {
  readonly model: string
  readonly constants: Program['constants']
  readonly bugs: readonly string[]
  /** With its version. */
  readonly target: string
  readonly verdict: 'conforms' | 'diverged' | 'inconclusive'
  /** Why, in a sentence. */
  readonly reason: string
  /** Of the first walk. */
  readonly seed: number
  /** Walks that were asked for. */
  readonly asked: number
  readonly divergence: Divergence | null
  readonly seconds: number
  readonly interrupted: boolean
}

export interface Divergence {
  /** The seed whose walk diverged: with it, one run finds it again. */
  readonly seed: number
  /** The smallest walk that diverges, for `replay --on`, with what came of each step. */
  readonly trace: TraceDocument & { readonly real: RecordedRun }
  /** Steps of the walk until it diverged, before it was made small. */
  readonly stepsBefore: number
  readonly shrinks: number
  /** Whether it diverged again when it was taken once more; `null` where that was not tried. */
  readonly isRepeatable: boolean | null
}

/**
 * Takes random walks of a model on an implementation, until one diverges.
 *
 * @throws UserError for a model, an option or a target that is not as it should be
 */
export async function fuzz(model: Model, target: Target, options: FuzzOptions = {}): Promise<FuzzResult> {
  const { runs = 100, steps = 30, seed = 1, signal } = options
  if (!target.models.includes(model.name))
    throw new UserError('bad-option', `${target.name} knows the models ${target.models.join(', ')}; this one is ${model.name}`)
  const missing = options.url === undefined ? target.missing() : null
  if (missing !== null) throw new UserError('bad-option', `${target.name} is not installed; ${missing}`)
  const { PathArbitrary, failingPath } = await loadFastCheck()
  const started = performance.now()
  const sim = simulation(program(model, { constants: options.constants ?? {}, bugs: options.bugs ?? [], properties: [] }))
  const opened = new WalkedTarget(target, options, sim)
  const tally = new Tally(sim.program)
  const diverged = new Map<string, Walk>()
  const paths = new PathArbitrary(sim, {
    maxLength: steps,
    needed: (path) => diverged.get(pathKey(path))?.path.transitions.length,
    // On servers each try takes its time.
    isThorough: target.isInProcess === true,
  })
  const result = (verdict: FuzzResult['verdict'], reason: string, divergence: Divergence | null = null): FuzzResult => ({
    model: model.name,
    constants: sim.program.constants,
    bugs: sim.program.bugs,
    target: opened.name,
    verdict,
    reason,
    seed,
    asked: runs,
    ...tally.counted,
    divergence,
    seconds: (performance.now() - started) / 1000,
    interrupted: signal?.aborted ?? false,
  })
  /** One walk; where it diverges, the smallest that does. */
  const run = async (own: number): Promise<Divergence | null> => {
    const walks = new Map<string, Walk>()
    let broken: unknown = null
    const failing = await failingPath(paths, own, async (path) => {
      const key = pathKey(path)
      const known = walks.get(key)
      if (known !== undefined || broken !== null || (walks.size > 0 && signal?.aborted)) return known?.verdict !== 'diverged'
      if (walks.size > 0) options.onWalk?.({ phase: 'shrink', walks: walks.size - 1, steps: path.transitions.length })
      try {
        // What runs in this process would otherwise let no Ctrl-C in.
        await setImmediate()
        const walk = await opened.walk(path, signal)
        if (walks.size === 0) tally.add(walk)
        walks.set(key, walk)
        if (walk.verdict === 'diverged') diverged.set(key, walk)
        return walk.verdict !== 'diverged'
      } catch (error) {
        // What breaks the adapter is no divergence of what it drives.
        broken = error
        return true
      }
    })
    if (broken !== null) throw broken
    const smallest = failing && walks.get(pathKey(failing.path))
    if (!smallest) return null
    const again = signal?.aborted ? null : await opened.walk(smallest.path, signal)
    const [first] = walks.values()
    return {
      seed: own,
      trace: documentOf(sim, smallest, opened.name, own),
      stepsBefore: first?.path.transitions.length ?? 0,
      shrinks: failing.shrinks,
      isRepeatable: again === null || again.verdict === 'stopped' ? null : again.verdict === 'diverged',
    }
  }

  try {
    for (let i = 0; i < runs && signal?.aborted !== true; i++) {
      options.onWalk?.({ phase: 'run', walks: i, steps: tally.counted.steps })
      const divergence = await run(seed + i)
      if (divergence !== null) return result('diverged', divergence.trace.message, divergence)
    }
    if (signal?.aborted) return result('inconclusive', 'it was interrupted')
    const { conforming, prevented } = tally.counted.runs
    if (conforming + prevented === 0) return result('inconclusive', 'no walk could be held against the model to its end')
    return result('conforms', 'every step that was taken came to what the model allows')
  } catch (error) {
    // Ctrl-C reaches what is being started, too, and ends it.
    if (isUserError(error) && signal?.aborted !== true) throw error
    return result('inconclusive', error instanceof Error ? error.message : String(error))
  } finally {
    await opened.close()
  }
}

/** It is a peer of the package, which only those need who fuzz. */
async function loadFastCheck(): Promise<typeof import('../fast-check-paths.ts')> {
  try {
    return await import('../fast-check-paths.ts')
  } catch (error) {
    if ((error as { readonly code?: string }).code !== 'ERR_MODULE_NOT_FOUND') throw error
    throw new UserError('bad-option', 'walks are drawn and made small by fast-check, which is not installed; run: npm install fast-check')
  }
}
