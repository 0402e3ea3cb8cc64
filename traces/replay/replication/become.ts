/** Waiting for what a server says of itself: that it has come so far. */
import { setTimeout as sleep } from 'node:timers/promises'

/** How long a server may take to do what it has been sent, in milliseconds; after that nothing can be said. */
const boundMs = 30_000

/** Asks again and again; false where it has not become true within the bound. */
export async function until(isTrue: () => Promise<boolean>): Promise<boolean> {
  const end = performance.now() + boundMs
  while (!(await isTrue())) {
    if (performance.now() > end) return false
    await sleep(2)
  }
  return true
}

/** The same, of what a system needs in order to begin or to go on. @throws Error where that is too slow */
export async function become(what: string, isTrue: () => Promise<boolean>): Promise<void> {
  if (!(await until(isTrue))) throw new Error(`after ${boundMs / 1000} s it is not so: ${what}`)
}
