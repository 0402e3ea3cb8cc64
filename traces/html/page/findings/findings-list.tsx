/** What was found of a workload with an invariant: each thing in a sentence, with the events that show it. */
import type { JSX } from 'preact'
import type { FindingsView } from '../../document.ts'

export function FindingsList({ view: { note, findings, counts } }: { readonly view: FindingsView }): JSX.Element {
  return (
    <div class="findings">
      <p>
        <bdi>{note}</bdi>
      </p>
      {findings.map(({ name, sentence, violates, events }, i) => (
        <section key={`${i} ${sentence}`}>
          <h2>
            <bdi>{name}</bdi>
            {violates.length > 0 && <span class="faint"> rules out {violates.join(', ')} and all levels above</span>}
          </h2>
          <p>
            <bdi>{sentence}</bdi>
          </p>
          <ul>
            {events.map(({ index, text }) => (
              <li key={index}>
                <span class="faint">event {index}</span>{' '}
                <code>
                  <bdi>{text}</bdi>
                </code>
              </li>
            ))}
          </ul>
        </section>
      ))}
      {counts.length > 0 && (
        <section>
          <h2>Counted</h2>
          <dl class="facts">
            {counts.map(({ name, value }) => (
              <div key={name}>
                <dt>{name}</dt>
                <dd>{value}</dd>
              </div>
            ))}
          </dl>
        </section>
      )}
    </div>
  )
}
