/** Ways to get further than one step at a time, and to keep the path. */
import type { JSX } from 'preact'
import { useRef, useState } from 'preact/hooks'
import type { Path, SearchAnswer, WalkAnswer } from '../../../explorer/api.ts'
import { save } from '../save.ts'
import { useKeys } from '../use-keys.ts'
import { ask, isRefusal } from './ask.ts'

interface Properties {
  readonly model: string
  /** The path up to the state that is looked at. */
  readonly from: Path
  /** The steps before what may be repeated for ever from here; null: it has not come back to where it was. */
  readonly loop: number | null
  readonly seen: ReadonlySet<string>
  readonly goTo: (path: Path) => void
}

export function Tools({ model, from, loop, seen, goTo }: Properties): JSX.Element {
  const [said, say] = useState<{ readonly text: string; readonly isBad: boolean }>({ text: '', isBad: false })
  const [stop, setStop] = useState<AbortController | null>(null)
  const [steps, setSteps] = useState(10)
  const [seed, setSeed] = useState(1)
  const [predicate, setPredicate] = useState('')
  const field = useRef<HTMLInputElement>(null)

  /** One at a time; what a question comes to is said. */
  const asking = async (question: (signal: AbortSignal) => Promise<string | { readonly error: string }>): Promise<void> => {
    if (stop !== null) return
    const controller = new AbortController()
    setStop(controller)
    say({ text: 'searching …', isBad: false })
    const outcome = await question(controller.signal)
    say(typeof outcome === 'string' ? { text: outcome, isBad: false } : { text: outcome.error, isBad: true })
    setStop(null)
  }
  const walk = (): Promise<void> =>
    asking(async (signal) => {
      const answer = await ask('walk', { path: from, steps, seed }, signal)
      if (isRefusal(answer)) return answer
      goTo(answer.path)
      setSeed(seed + 1)
      return `${counted(answer.path.length - from.length, 'step')} at random${walkEnds[answer.ended]}`
    })
  const next = (): Promise<void> =>
    asking(async (signal) => {
      const answer = await ask('next', { path: from, seen: [...seen] }, signal)
      if (isRefusal(answer)) return answer
      if (answer.path !== null) goTo(answer.path)
      return searchText(answer, 'unseen state', `${counted((answer.path?.length ?? 1) - 1, 'step')} from the start`)
    })
  const find = (): Promise<void> =>
    asking(async (signal) => {
      const answer = await ask('find', { path: from, predicate }, signal)
      if (isRefusal(answer)) return answer
      if (answer.path !== null && answer.path.length > from.length) goTo(answer.path)
      const distance = (answer.path?.length ?? 0) - from.length
      return searchText(
        answer,
        'state that satisfies it',
        distance === 0 ? 'the state here satisfies it' : `${counted(distance, 'step')} from where you were`,
      )
    })
  const keep = (loop: number | null): Promise<void> =>
    asking(async (signal) => {
      const answer = await ask('trace', { path: from, ...(loop !== null && { loop }) }, signal)
      if (isRefusal(answer)) return answer
      const name = `${model.replace(/[^\w-]+/g, '-').slice(0, 60)}-trace.json`
      if (answer.file === null) save(new Blob([answer.text], { type: 'application/json' }), name)
      return `saved${answer.file === null ? '' : ` as ${answer.file}`}: ${answer.message}; counterpoint show and replay take it`
    })
  useKeys({ n: () => void next(), r: () => void walk(), '/': () => field.current?.focus() })
  const isBusy = stop !== null
  return (
    <section aria-label="further" class="tools">
      <form
        onSubmit={(event) => {
          event.preventDefault()
          void find()
        }}
      >
        <label>
          jump to the nearest state where{' '}
          <input
            ref={field}
            type="text"
            value={predicate}
            placeholder="an expression over s"
            spellcheck={false}
            autocomplete="off"
            onInput={(event) => setPredicate(event.currentTarget.value)}
          />
        </label>
        <button type="submit" disabled={isBusy}>
          find
        </button>
      </form>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          void walk()
        }}
      >
        <label>
          <input type="number" min="1" max="1000" value={steps} onInput={(event) => setSteps(event.currentTarget.valueAsNumber)} /> steps
        </label>
        <label>
          seed <input type="number" step="1" value={seed} onInput={(event) => setSeed(event.currentTarget.valueAsNumber)} />
        </label>
        <button type="submit" disabled={isBusy} title="r">
          walk at random
        </button>
      </form>
      <div>
        <button type="button" disabled={isBusy} title="n: breadth first from the initial state" onClick={() => void next()}>
          next unseen state
        </button>
        <button type="button" disabled={isBusy} onClick={() => void keep(null)}>
          save as trace
        </button>
        {loop !== null && (
          <button type="button" disabled={isBusy} onClick={() => void keep(loop)}>
            save as lasso
          </button>
        )}
        <button type="button" disabled={!isBusy} onClick={() => stop?.abort()}>
          stop
        </button>
      </div>
      <p role="status" class={said.isBad ? 'bad' : 'faint'}>
        {said.isBad && <span class="sign">✗ </span>}
        <bdi>{said.text}</bdi>
      </p>
    </section>
  )
}

const walkEnds: Readonly<Record<WalkAnswer['ended'], string>> = {
  steps: '',
  violated: ': a property is violated here',
  stuck: ': nothing can happen any more',
  'too long': ': the path is too long to go on',
}

function searchText({ path, states, limit }: SearchAnswer, what: string, found: string): string {
  const looked = `${states.toLocaleString('en')} ${states === 1 ? 'state' : 'states'}`
  if (path !== null) return `${found}; ${looked} looked at`
  if (limit !== null) return `not found within ${limit}, ${looked} looked at; there may be one further away`
  return `there is no ${what}: all ${looked} that can be reached within the model's boundary were looked at`
}

function counted(count: number, noun: string): string {
  return `${count} ${count === 1 ? noun : `${noun}s`}`
}
