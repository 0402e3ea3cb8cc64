/** Where somebody is in the explorer, and what the server says of it. */
import { useCallback, useEffect, useRef, useState } from 'preact/hooks'
import type { ChoicesAnswer, Path, PathAnswer } from '../../../explorer/api.ts'
import { ask, isRefusal } from './ask.ts'
import { movedTo, type Route, readDigest, readRoute, wentTo, writeRoute } from './route.ts'

export interface Explored {
  readonly route: Route
  /** The path as it was answered last; null before the first answer. */
  readonly drawn: PathAnswer | null
  /** What can happen at the end of `from`; null where nothing is known. */
  readonly choices: { readonly from: Path; readonly answer: ChoicesAnswer } | null
  /** What went wrong, or has to be said; empty: nothing. */
  readonly notice: string
  readonly say: (notice: string) => void
  /** Digests of the states that were seen since the page was opened. */
  readonly seen: ReadonlySet<string>
  readonly moveTo: (at: number) => void
  readonly goTo: (path: Path) => void
  readonly change: (route: Route) => void
}

export function useExplorer(): Explored {
  const [route, setRoute] = useState(() => readRoute(location.hash))
  const [drawn, setDrawn] = useState<PathAnswer | null>(null)
  const [choices, setChoices] = useState<Explored['choices']>(null)
  const [notice, say] = useState('')
  // A search that was asked for in one place may be answered in another.
  const current = useRef(route)
  current.current = route
  const seen = useRef<Set<string>>(new Set())
  const promised = useRef(readDigest(location.hash))
  useEffect(() => {
    const follow = (): void => {
      promised.current = readDigest(location.hash)
      setRoute(readRoute(location.hash))
    }
    addEventListener('hashchange', follow)
    return () => removeEventListener('hashchange', follow)
  }, [])
  const change = useCallback((next: Route) => {
    say('')
    promised.current = null
    history.pushState(null, '', writeRoute(next))
    setRoute(next)
  }, [])
  const path = route.path.join('.')
  const from = route.path.slice(0, route.at + 1)
  useEffect(() => {
    const stop = new AbortController()
    void ask('path', { path: route.path }, stop.signal).then((answer) => {
      if (stop.signal.aborted) return
      if (isRefusal(answer)) return say(answer.error)
      for (const digest of answer.digests) seen.current.add(digest)
      setDrawn(answer)
      if (answer.cut === null) return
      say(answer.cut)
      promised.current = null
      setRoute({ path: answer.path, at: answer.path.length - 1, branches: [] })
    })
    return () => stop.abort()
  }, [path])
  useEffect(() => {
    const stop = new AbortController()
    void ask('choices', { path: from }, stop.signal).then((answer) => {
      if (stop.signal.aborted) return
      if (isRefusal(answer)) say(answer.error)
      // What could happen somewhere else is of no use here.
      setChoices(isRefusal(answer) ? null : { from, answer })
    })
    return () => stop.abort()
  }, [from.join('.')])
  useEffect(() => {
    // Where the answer is of another path, the digest is that of another state.
    if (drawn === null || drawn.path.join('.') !== path) return
    const digest = drawn.digests[route.at] ?? ''
    if (promised.current !== null && promised.current !== digest)
      say('this link led to another state when it was made: the model or its constants are others now')
    promised.current = null
    history.replaceState(null, '', writeRoute(route, digest))
  }, [drawn, route])
  return {
    route,
    drawn,
    choices,
    notice,
    say,
    seen: seen.current,
    moveTo: (at) => change(movedTo(current.current, at)),
    goTo: (to) => change(wentTo(current.current, to)),
    change,
  }
}
