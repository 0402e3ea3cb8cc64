/** The next steps: what can happen here and what it would change, and what cannot and why. */
import type { JSX } from 'preact'
import type { ChoicesAnswer, Possible, Refused } from '../../../explorer/api.ts'
import { Change } from '../trace/changes.tsx'
import { byGuard, byProcess, type GuardGroup } from './groups.ts'

interface Properties {
  readonly answer: ChoicesAnswer
  readonly seen: ReadonlySet<string>
  readonly onChoose: (choice: number) => void
}

export function Choices({ answer, seen, onChoose }: Properties): JSX.Element {
  const { possible, refused, refusedMore } = answer
  const keys = new Map(keyed(possible).map(({ choice }, i) => [choice, i + 1]))
  return (
    <section aria-label="next steps" class="choices">
      <h2>
        Next steps <span class="faint">{possible.length === 0 ? 'none is possible here' : `${possible.length} possible`}</span>
      </h2>
      {byProcess(possible).map(({ process, members }) => (
        <section key={process} aria-label={`by ${nameOf(members)}`}>
          <h3>
            <bdi>{nameOf(members)}</bdi>
          </h3>
          <ul>
            {members.map((one) => (
              <Choice key={one.choice} one={one} number={keys.get(one.choice) ?? null} isSeen={seen.has(one.digest)} onChoose={onChoose} />
            ))}
          </ul>
        </section>
      ))}
      {refused.length > 0 && (
        <details>
          <summary>
            {refused.length + refusedMore} not possible here, and why{refusedMore > 0 && ` (the first ${refused.length})`}
          </summary>
          {byGuard(refused).map((group, i) => (
            <Guard key={`${i} ${group.action}`} group={group} />
          ))}
        </details>
      )}
    </section>
  )
}

/** Of those who take these steps, which is one. */
function nameOf([first]: readonly Possible[]): string {
  return first?.who ?? ''
}

/** The steps that keys 1 to 9 take, as they are listed. */
export function keyed(possible: readonly Possible[]): readonly Possible[] {
  return byProcess(possible)
    .flatMap(({ members }) => members)
    .filter(({ isOutside }) => !isOutside)
    .slice(0, 9)
}

interface ChoiceProperties {
  readonly one: Possible
  /** The key that takes it. */
  readonly number: number | null
  readonly isSeen: boolean
  readonly onChoose: (choice: number) => void
}

function Choice({ one: { choice, step, messages, isOutside, isIdle }, number, isSeen, onChoose }: ChoiceProperties): JSX.Element {
  const remarks = [isOutside && "outside of the model's boundary", isIdle && 'changes nothing', isSeen && !isIdle && 'seen'].filter(Boolean)
  return (
    <li>
      <button type="button" class="choice" disabled={isOutside} onClick={() => onChoose(choice)}>
        {number !== null && <kbd>{number}</kbd>} <bdi>{step.text}</bdi>
      </button>{' '}
      <span class="faint">{remarks.join(', ')}</span>
      <ul class="effects">
        {messages.map((message, i) => (
          <li key={`${i} ${message}`}>
            <bdi>{message}</bdi>
          </li>
        ))}
        {step.changes.map((change, i) => (
          <li key={`${i} ${change.path}`}>
            <Change change={change} />
          </li>
        ))}
      </ul>
    </li>
  )
}

function Guard({ group: { action, by, source, also, instances } }: { readonly group: GuardGroup }): JSX.Element {
  return (
    <section class="guard">
      <h3>
        <bdi>{action}</bdi> <span class="faint">{by === 'when' ? 'its guard says no' : 'there is nothing to do it with'}</span>
      </h3>
      {source !== null && (
        <pre>
          <code>
            {by}: {source}
          </code>
        </pre>
      )}
      {also !== '' && (
        <p class="faint">
          The network {source === null ? 'asks' : 'also asks'} for {also}.
        </p>
      )}
      {source === null && also === '' && <p class="faint">The text of its guard cannot be shown: it was made by other code.</p>}
      <ul class="effects">
        {instances.map((one) => (
          <Instance key={one.text} one={one} />
        ))}
      </ul>
    </section>
  )
}

function Instance({ one: { text, slots } }: { readonly one: Refused }): JSX.Element {
  return (
    <li>
      <code>
        <bdi>{text}</bdi>
      </code>
      {slots.length === 0 ? ' looked at no slot' : ' looked at '}
      {slots.map(({ name, value }) => (
        <code key={name} class="looked">
          <bdi>{name}</bdi>: <bdi>{value}</bdi>
        </code>
      ))}
    </li>
  )
}
