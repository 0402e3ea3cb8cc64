/** The explorer: the next steps and the state beside them, and the path that led there. */
import type { JSX } from 'preact'
import { useMemo, useRef, useState } from 'preact/hooks'
import type { ChoicesAnswer, ExplorerDocument, Lasso } from '../../../explorer/api.ts'
import type { ReportHeader } from '../../document.ts'
import { Header } from '../header.tsx'
import { Changes } from '../trace/changes.tsx'
import { Diagram, DiagramHead, diagramSize, rowHeight } from '../trace/diagram.tsx'
import { rowIndex, rowsOf } from '../trace/rows.ts'
import { StateTree } from '../trace/state-tree.tsx'
import { statesOf } from '../trace/states.ts'
import { Strips } from '../trace/strips.tsx'
import { useKeys } from '../use-keys.ts'
import { useScrollToRow } from '../use-scroll-to-row.ts'
import { useVisibleRows } from '../use-visible-rows.ts'
import { useWidth } from '../use-width.ts'
import { Branches } from './branches.tsx'
import { cameBackText } from './came-back.ts'
import { Choices, keyed } from './choices.tsx'
import { Controls } from './controls.tsx'
import { writeRoute } from './route.ts'
import { Tools } from './tools.tsx'
import { type Explored, useExplorer } from './use-explorer.ts'

export function Explorer({
  document: { model, about, facts, command, initial, initialTotal },
}: {
  readonly document: ExplorerDocument
}): JSX.Element {
  const explored = useExplorer()
  const { route, choices, notice, goTo, change } = explored
  const header = {
    title: `Exploring ${model}: ${about}`,
    ...verdictOf(choices?.answer ?? null),
    facts,
    command: `${command} --at '${writeRoute(route).slice(1)}'`,
  }
  const choose = (choice: number | undefined): void => {
    if (choices !== null && choice !== undefined) goTo([...choices.from, choice])
  }
  const here = route.path.slice(0, route.at + 1)
  // What comes of a path that was left is of no use here.
  const lasso = choices !== null && choices.from.join('.') === here.join('.') ? choices.answer.lasso : null
  const numbered = choices === null ? [] : keyed(choices.answer.possible)
  useKeys(Object.fromEntries(Array.from({ length: 9 }, (_, i) => [String(i + 1), () => choose(numbered[i]?.choice)])))
  return (
    <>
      <Header header={header} />
      <main class="explorer">
        <p role="alert" class="notice">
          <bdi>{notice}</bdi>
        </p>
        <Controls explored={explored} initial={initial} initialTotal={initialTotal} />
        <CameBack lasso={lasso} at={route.at} />
        <div class="side-by-side">
          <div class="beside">{choices !== null && <Choices answer={choices.answer} seen={explored.seen} onChoose={choose} />}</div>
          <Here explored={explored} />
        </div>
        <Tools model={model} from={here} loop={lasso?.loop ?? null} seen={explored.seen} goTo={goTo} />
        <Way explored={explored} lasso={lasso} />
        <Branches route={route} drawn={explored.drawn} goTo={goTo} change={change} />
      </main>
    </>
  )
}

function verdictOf(answer: ChoicesAnswer | null): Pick<ReportHeader, 'tone' | 'sentence'> {
  if (answer === null) return { tone: 'unsure', sentence: 'nothing is known of this place yet' }
  const violated = [
    ...answer.findings.map((one) => ({ ...one, when: 'here' })),
    ...(answer.lasso?.violated ?? []).map((one) => ({ ...one, when: 'if it goes on like this for ever' })),
  ]
  const [first] = violated
  if (first === undefined) return { tone: 'good', sentence: 'nothing is violated here' }
  const more = violated.length > 1 ? ` (and ${violated.length - 1} more)` : ''
  return { tone: 'bad', sentence: `${first.property} is violated ${first.when}: ${first.message}${more}` }
}

/** Says so where the path is back where it was before. */
function CameBack({ lasso, at }: { readonly lasso: Lasso | null; readonly at: number }): JSX.Element {
  return (
    <p role="status" aria-label="loop" class="came-back">
      {lasso !== null && (
        <>
          <span aria-hidden="true">⟲ </span>
          <bdi>{cameBackText(lasso, at)}</bdi>
        </>
      )}
    </p>
  )
}

/** The state that is looked at, and the step that led there. */
function Here({ explored: { drawn, route } }: { readonly explored: Explored }): JSX.Element | null {
  const states = useMemo(() => (drawn === null ? [] : statesOf(drawn.view)), [drawn])
  if (drawn === null) return null
  const at = Math.min(route.at, drawn.view.steps.length)
  const [before, after] = [states[Math.max(0, at - 1)], states[at]]
  return (
    <div class="beside">
      <Changes view={drawn.view} step={at} />
      {before !== undefined && after !== undefined && <StateTree before={before} after={after} since="changed in this step" />}
    </div>
  )
}

/** The path as a diagram, and the properties along it. */
function Way({
  explored: { drawn, route, moveTo },
  lasso,
}: {
  readonly explored: Explored
  readonly lasso: Lasso | null
}): JSX.Element | null {
  const view = drawn?.view ?? null
  const at = Math.min(route.at, view?.steps.length ?? 0)
  const [opened, setOpened] = useState<ReadonlySet<number>>(new Set())
  const rows = useMemo(() => (view === null ? [] : rowsOf(view.steps, view.messages, opened, at)), [view, opened, at])
  const scroller = useRef<HTMLElement>(null)
  const { from, to } = useVisibleRows(scroller, rows.length, rowHeight)
  useScrollToRow(scroller, rowIndex(rows)[at] ?? 0, rows.length)
  const room = useWidth(scroller, view !== null)
  if (view === null) return null
  const isAtEnd = at === route.path.length - 1 && at === view.steps.length
  const { width } = diagramSize(view, rows, room)
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard (WCAG 2.1.1) */}
      <section class="scrolled diagram-place" ref={scroller} tabIndex={0} aria-label="the path">
        <DiagramHead lanes={view.lanes} width={width} />
        <Diagram
          view={isAtEnd && lasso !== null ? { ...view, loop: lasso.loop } : view}
          rows={rows}
          step={at}
          compared={null}
          from={from}
          to={to}
          width={width}
          onStep={moveTo}
          onOpen={(first) => setOpened(new Set([...opened, first]))}
        />
      </section>
      <Strips strips={view.properties} step={at} onStep={moveTo} />
    </>
  )
}
