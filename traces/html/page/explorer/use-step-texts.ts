/** What the steps of the paths in the tree are, as far as it is known: of what has been drawn, and of what a link brought, once asked. */
import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import type { Path, PathAnswer } from '../../../explorer/api.ts'
import { ask, isRefusal } from './ask.ts'
import type { Place } from './path-tree.ts'
import { type Route, sharedLength } from './route.ts'

interface Told {
  readonly path: Path
  /** One per step. */
  readonly texts: readonly string[]
}

/** The text of the step that leads to a place; null: not known, or not yet. */
export function useStepTexts(drawn: PathAnswer | null, { path, branches }: Route): (place: Place) => string | null {
  const [known, setKnown] = useState<readonly Told[]>([])
  const asked = useRef<Set<string>>(new Set())
  const all = useMemo(() => (drawn === null ? known : [toldBy(drawn), ...known]), [drawn, known])
  const texts = useMemo(() => new Map([path, ...branches].map((one) => [one, textsAlong(all, one)])), [all, path, branches])
  const isTold = (one: Path): boolean => (texts.get(one)?.length ?? 0) >= one.length - 1
  const missing = drawn === null ? undefined : branches.find((branch) => !isTold(branch) && !asked.current.has(branch.join('.')))
  const keep = (answer: PathAnswer): void => {
    const wanted = new Set(branches.map((branch) => branch.join('.')))
    setKnown((before) => [toldBy(answer), ...before.filter((told) => wanted.has(told.path.join('.')))])
  }
  useEffect(() => {
    if (drawn !== null) keep(drawn)
  }, [drawn])
  useEffect(() => {
    if (missing === undefined) return
    const stop = new AbortController()
    void ask('path', { path: missing }, stop.signal).then((answer) => {
      if (stop.signal.aborted) return
      // Asked once, whatever comes of it: the steps have numbers, too.
      asked.current.add(missing.join('.'))
      if (isRefusal(answer)) setKnown((before) => [...before])
      else keep(answer)
    })
    return () => stop.abort()
  }, [missing?.join('.')])
  return ({ along, length }) => texts.get(along)?.[length - 2] ?? null
}

function toldBy({ path, view }: PathAnswer): Told {
  return { path, texts: view.steps.map(({ text }) => text) }
}

/** By the path that shares most with it. */
function textsAlong(all: readonly Told[], path: Path): readonly string[] {
  let longest: readonly string[] = []
  for (const told of all) {
    const shared = sharedLength(told.path, path) - 1
    if (shared > longest.length) longest = told.texts.slice(0, shared)
  }
  return longest
}
