/** What a step changed, the messages that it sent and received, and what it violated. */
import type { JSX } from 'preact'
import type { ChangeText, PropertyStrip, TraceView } from '../../document.ts'

interface Properties {
  readonly view: Pick<TraceView, 'steps' | 'messages' | 'lanes' | 'properties'>
  readonly step: number
}

export function Changes({ view, step }: Properties): JSX.Element {
  const taken = view.steps[step - 1]
  const violated = view.properties.filter(({ first, kind }) => first === step && kind !== 'sometimes')
  const lane = (index: number | null): string => (index === null ? 'somebody' : (view.lanes[index]?.name ?? ''))
  const about = view.messages.filter(({ sent, ended }) => step > 0 && (sent === step || ended === step))
  return (
    <section aria-label="this step" class="changes">
      <h2>
        {step === 0 ? 'Initially' : `Step ${step}`} <code>{taken?.text ?? ''}</code>
      </h2>
      <ul>
        {violated.map((property) => (
          <Violation key={property.name} property={property} />
        ))}
        {about.map(({ name, isCall, text, from, to, sent, isLost, copyOf }) => (
          <li key={name}>
            {isCall ? (
              <>
                <bdi>{lane(from)}</bdi>
                {' to '}
              </>
            ) : sent !== step ? (
              `${isLost ? 'loses' : 'receives'} ${name} from `
            ) : (
              `${copyOf === null ? 'sends' : 'copies'} ${name} to `
            )}
            <bdi>{lane(sent === step ? to : from)}</bdi> <code>{text}</code>
          </li>
        ))}
        {taken?.changes.map((change, i) => (
          <li key={`${i} ${change.path}`}>
            <Change change={change} />
          </li>
        ))}
      </ul>
    </section>
  )
}

function Violation({ property: { name, message, sentence } }: { readonly property: PropertyStrip }): JSX.Element {
  return (
    <li class="violation">
      <span class="bad">
        <span class="sign">✗</span>
      </span>{' '}
      <strong>
        <bdi>{name}</bdi>
      </strong>
      : <bdi>{message === '' ? sentence : message}</bdi>
    </li>
  )
}

export function Change({ change: { path, before, after } }: { readonly change: ChangeText }): JSX.Element {
  return (
    <code>
      <bdi>{path}</bdi>: {before !== null && <del>{before}</del>} {before !== null && after !== null && '→ '}
      {after !== null && <ins>{after}</ins>}
    </code>
  )
}
