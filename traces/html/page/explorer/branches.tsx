/** The other ways that were taken, each from where it leaves the path. */
import type { JSX } from 'preact'
import type { Path } from '../../../explorer/api.ts'
import { forgotten, type Route, sharedLength } from './route.ts'

interface Properties {
  readonly route: Route
  readonly goTo: (path: Path) => void
  readonly change: (route: Route) => void
}

export function Branches({ route, goTo, change }: Properties): JSX.Element | null {
  if (route.branches.length === 0) return null
  return (
    <section aria-label="other branches" class="branches">
      <h2>
        Other branches <span class="faint">{route.branches.length}</span>
      </h2>
      <ul>
        {route.branches.map((branch) => {
          const shared = sharedLength(branch, route.path)
          const from = shared === 0 ? 'another initial state' : shared === 1 ? 'the initial state' : `the state after step ${shared - 1}`
          const name = `${branch.length - 1} steps, apart from ${from}`
          return (
            <li key={branch.join('.')}>
              <button type="button" onClick={() => goTo(branch)}>
                {name}
              </button>{' '}
              <code class="faint">{tail(branch, shared)}</code>{' '}
              <button
                type="button"
                class="pin"
                aria-label={`forget the branch of ${name}`}
                onClick={() => change(forgotten(route, branch))}
              >
                ✕
              </button>
            </li>
          )
        })}
      </ul>
    </section>
  )
}

/** The choices that are its own, as numbers: enough to tell branches apart. */
function tail(branch: Path, shared: number): string {
  const own = branch.slice(shared)
  return `${own.slice(0, 12).join('.')}${own.length > 12 ? '…' : ''}`
}
