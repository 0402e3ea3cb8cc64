/** One strip a property: where it held, step by step. */
import type { JSX } from 'preact'
import type { PropertyStrip } from '../../document.ts'
import { stripRuns } from './strip-runs.ts'

interface Properties {
  readonly strips: readonly PropertyStrip[]
  readonly step: number
  readonly onStep: (step: number) => void
}

export function Strips({ strips, step, onStep }: Properties): JSX.Element {
  return (
    <section aria-label="properties over time" class="strips">
      <h2>Properties</h2>
      {strips.map((strip) => (
        <Strip key={strip.name} strip={strip} step={step} onStep={onStep} />
      ))}
    </section>
  )
}

function Strip({ strip, step, onStep }: Omit<Properties, 'strips'> & { readonly strip: PropertyStrip }): JSX.Element {
  const { name, kind, sentence, holds, first, message } = strip
  const states = holds.length
  const isWitness = kind === 'sometimes'
  const verb = isWitness ? 'witnessed' : 'violated'
  return (
    <div class="strip">
      <div class="strip-name">
        <strong>
          <bdi>{name}</bdi>
        </strong>{' '}
        <span class="faint">
          {kind}, {nowText(holds[step] ?? null, isWitness)}
        </span>
        {first !== null && (
          <button type="button" class={isWitness ? 'good' : 'bad'} onClick={() => onStep(first)} title={message}>
            {isWitness ? '✓' : '✗'} {verb} {first === 0 ? 'initially' : `after step ${first}`}
          </button>
        )}
      </div>
      {/* What is drawn here is said above, and can be reached by the slider. */}
      <svg
        class="strip-line"
        viewBox={`0 0 ${states} 10`}
        preserveAspectRatio="none"
        aria-hidden="true"
        onClick={(event) => {
          const box = event.currentTarget.getBoundingClientRect()
          onStep(Math.min(states - 1, Math.max(0, Math.floor(((event.clientX - box.left) / box.width) * states))))
        }}
      >
        {stripRuns(holds).map((run) => {
          const tone = toneOf(run.holds, isWitness)
          const { y, height } = shapes[tone]
          return <rect key={run.from} class={tone} x={run.from} y={y} width={run.to - run.from + 1} height={height} />
        })}
        <rect class="here" x={step} y={0} width={1} height={10} />
      </svg>
      {sentence !== '' && (
        <p class="faint strip-sentence">
          <bdi>{sentence}</bdi>
        </p>
      )}
      {message !== '' && (
        <p class={`strip-sentence ${isWitness ? 'good' : 'bad'}`}>
          <span class="sign">{isWitness ? '✓' : '✗'}</span>{' '}
          {first === null ? 'for ever: ' : first === 0 ? 'initially: ' : `after step ${first}: `}
          <bdi>{message}</bdi>
        </p>
      )}
    </div>
  )
}

type StripTone = 'silent' | 'held' | 'violated' | 'witness'

/** What stands out is high, so that colour is not needed to see it. */
const shapes: Readonly<Record<StripTone, { readonly y: number; readonly height: number }>> = {
  silent: { y: 4.5, height: 1 },
  held: { y: 3, height: 4 },
  violated: { y: 0, height: 10 },
  witness: { y: 0, height: 10 },
}

function toneOf(holds: boolean | null, isWitness: boolean): StripTone {
  if (isWitness) return holds ? 'witness' : 'silent'
  return holds === null ? 'silent' : holds ? 'held' : 'violated'
}

function nowText(holds: boolean | null, isWitness: boolean): string {
  if (holds === null) return 'not about single states'
  if (isWitness) return holds ? 'witnessed here' : 'not here'
  return holds ? 'holds here' : 'violated here'
}
