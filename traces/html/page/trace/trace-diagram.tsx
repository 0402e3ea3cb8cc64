/** A trace, step by step. */
import type { JSX } from 'preact'
import type { TraceView } from '../../document.ts'

export function TraceDiagram({ view }: { readonly view: TraceView }): JSX.Element {
  return (
    <ol>
      {view.steps.map(({ text }, i) => (
        <li key={i}>{text}</li>
      ))}
    </ol>
  )
}
