/** What has been walked, as a tree: the present path, and the other ways that were taken below the places where they leave it. */
import type { JSX } from 'preact'
import { useMemo, useState } from 'preact/hooks'
import type { Path, PathAnswer } from '../../../explorer/api.ts'
import { type Limb, type Line, type Place, pathOf, pathTree } from './path-tree.ts'
import { forgotten, type Route } from './route.ts'
import { useStepTexts } from './use-step-texts.ts'

interface Properties {
  readonly route: Route
  readonly drawn: PathAnswer | null
  readonly goTo: (path: Path) => void
  readonly change: (route: Route) => void
}

export function Branches({ route, drawn, goTo, change }: Properties): JSX.Element | null {
  const { path, elsewhere } = useMemo(() => pathTree(route), [route])
  const textOf = useStepTexts(drawn, route)
  if (route.branches.length === 0) return null
  const nameOf = (place: Place): string => {
    const number = pathOf(place).at(-1) ?? 0
    if (place.length === 1) return elsewhere.length === 0 ? 'the initial state' : `initial state ${number}`
    return `step ${place.length - 1}: ${clipped(textOf(place) ?? `choice ${number}`)}`
  }
  const shown = { nameOf, goTo, forget: (branch: Path) => change(forgotten(route, branch)) }
  return (
    <section aria-label="what has been walked" class="branches">
      <h2>
        What has been walked <span class="faint">the present path ● and {counted(route.branches.length, 'other branch', 'es')} ○</span>
      </h2>
      <LimbList limb={path} isPresent={true} label="the present path" {...shown} />
      {elsewhere.length > 0 && <Ways ways={elsewhere} label="from other initial states" {...shown} />}
    </section>
  )
}

interface Shown {
  readonly nameOf: (place: Place) => string
  readonly goTo: (path: Path) => void
  readonly forget: (branch: Path) => void
}

function LimbList({
  limb,
  isPresent,
  label,
  ...shown
}: Shown & { readonly limb: Limb; readonly isPresent: boolean; readonly label: string }): JSX.Element {
  return (
    <ul aria-label={label} class={isPresent ? 'limb present' : 'limb'}>
      {limb.map((line) =>
        line.kind === 'run' ? (
          <Run key={keyOf(line.places[0])} places={line.places} isPresent={isPresent} {...shown} />
        ) : (
          <PlaceItem key={keyOf(line.place)} line={line} isPresent={isPresent} {...shown} />
        ),
      )}
    </ul>
  )
}

function Ways({ ways, label, ...shown }: Shown & { readonly ways: readonly Limb[]; readonly label: string }): JSX.Element {
  return (
    <ul aria-label={label} class="ways">
      {ways.map((limb, i) => (
        <li key={keyOf(firstOf(limb))}>
          <LimbList limb={limb} isPresent={false} label={`branch ${i + 1} ${label}`} {...shown} />
        </li>
      ))}
    </ul>
  )
}

interface PlaceProperties extends Shown {
  readonly line: Extract<Line, { kind: 'place' }>
  readonly isPresent: boolean
}

function PlaceItem({ line: { place, isHere, end, ways }, isPresent, ...shown }: PlaceProperties): JSX.Element {
  const name = shown.nameOf(place)
  return (
    <li>
      <Dot isPresent={isPresent} />
      <button type="button" class="place" onClick={() => shown.goTo(pathOf(place))} {...(isHere && { 'aria-current': 'step' })}>
        <bdi>{name}</bdi>
      </button>
      {isHere && <span class="faint"> you are here</span>}
      {end !== null && (
        <button type="button" class="pin" aria-label={`forget the branch that ends with ${name}`} onClick={() => shown.forget(end)}>
          ✕
        </button>
      )}
      {ways.length > 0 && (
        <Ways ways={ways} label={place.length === 1 ? 'from the initial state' : `after step ${place.length - 1}`} {...shown} />
      )}
    </li>
  )
}

function Run({ places, isPresent, ...shown }: Shown & { readonly places: readonly Place[]; readonly isPresent: boolean }): JSX.Element {
  const [isOpen, setOpen] = useState(false)
  return (
    <li>
      <details onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary>
          <Dot isPresent={isPresent} />
          {places.length} steps
        </summary>
        {isOpen && (
          <ul>
            {places.map((place) => (
              <li key={place.length}>
                <Dot isPresent={isPresent} />
                <button type="button" class="place" onClick={() => shown.goTo(pathOf(place))}>
                  <bdi>{shown.nameOf(place)}</bdi>
                </button>
              </li>
            ))}
          </ul>
        )}
      </details>
    </li>
  )
}

function Dot({ isPresent }: { readonly isPresent: boolean }): JSX.Element {
  return (
    <span aria-hidden="true" class="dot">
      {isPresent ? '●' : '○'}
    </span>
  )
}

const nameMax = 80

function clipped(text: string): string {
  return text.length > nameMax ? `${text.slice(0, nameMax)}…` : text
}

function firstOf(limb: Limb): Place | undefined {
  const [line] = limb
  return line?.kind === 'run' ? line.places[0] : line?.place
}

function keyOf(place: Place | undefined): string {
  return place === undefined ? '' : pathOf(place).join('.')
}

function counted(count: number, noun: string, ending: string): string {
  return `${count} ${count === 1 ? noun : `${noun}${ending}`}`
}
