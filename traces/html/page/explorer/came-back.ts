/** What is said where a path is back in a state where it was before. */
import type { Lasso } from '../../../explorer/api.ts'

/** @param at the step after which it is back */
export function cameBackText({ loop, unfair, violated }: Lasso, at: number): string {
  const names = violated.map(({ property }) => property).join(', ')
  if (loop === at) return `nothing can happen any more; that it stays like this for ever violates ${names}`
  const back = loop === 0 ? 'the initial state again' : `the same state as after step ${loop}`
  const steps = at - loop === 1 ? `step ${at}` : `steps ${loop + 1} to ${at}`
  if (unfair !== null) return `${back}; no execution repeats ${steps} for ever, as ${unfair}`
  return `${back}; to repeat ${steps} for ever violates ${names === '' ? 'nothing' : names}`
}
