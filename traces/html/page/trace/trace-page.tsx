/** A trace: the diagram, beside it the state and what changed, below it the properties over time. */
import type { JSX } from 'preact'
import { useMemo, useRef, useState } from 'preact/hooks'
import type { ReportHeader, TraceView } from '../../document.ts'
import { usePlace } from '../place.ts'
import { useKeys } from '../use-keys.ts'
import { usePrinting } from '../use-printing.ts'
import { useScrollToRow } from '../use-scroll-to-row.ts'
import { useVisibleRows } from '../use-visible-rows.ts'
import { useWidth } from '../use-width.ts'
import { Changes } from './changes.tsx'
import { Diagram, DiagramHead, diagramSize, rowHeight } from './diagram.tsx'
import { Exports } from './exports.tsx'
import { Legend } from './legend.tsx'
import { rowIndex, rowsOf } from './rows.ts'
import { StateTree } from './state-tree.tsx'
import { statesOf } from './states.ts'
import { Strips } from './strips.tsx'
import { PrintedDiagram } from './whole-diagram.tsx'

interface Properties {
  readonly view: TraceView
  readonly header: ReportHeader
}

export function TracePage({ view, header }: Properties): JSX.Element {
  const [place, go] = usePlace()
  const last = view.steps.length
  const step = Math.min(place.step, last)
  const compared = place.compared === null ? null : Math.min(place.compared, last)
  const states = useMemo(() => statesOf(view), [view])
  const [opened, setOpened] = useState<ReadonlySet<number>>(new Set())
  const rows = useMemo(() => rowsOf(view.steps, view.messages, opened, step), [view, opened, step])
  // What is violated for ever, and in no one state, is so where the loop closes.
  const isForEver = view.properties.some(({ first, kind, message }) => first === null && kind !== 'sometimes' && message !== '')
  const atLoop = view.loop !== null && isForEver ? view.steps.length : null
  const firstViolation = view.properties.find(({ first, kind }) => first !== null && kind !== 'sometimes')?.first ?? atLoop
  const toStep = (to: number): void => go({ step: Math.max(0, Math.min(last, to)) })
  useKeys({
    ArrowDown: () => toStep(step + 1),
    ArrowRight: () => toStep(step + 1),
    j: () => toStep(step + 1),
    ArrowUp: () => toStep(step - 1),
    ArrowLeft: () => toStep(step - 1),
    k: () => toStep(step - 1),
    Home: () => toStep(0),
    End: () => toStep(last),
    v: () => firstViolation !== null && toStep(firstViolation),
  })
  const isPrinting = usePrinting()
  const scroller = useRef<HTMLElement>(null)
  const { from, to } = useVisibleRows(scroller, rows.length, rowHeight)
  const { width } = diagramSize(view, rows, useWidth(scroller))
  useScrollToRow(scroller, rowIndex(rows)[step] ?? 0)
  const before = states[compared ?? Math.max(0, step - 1)] ?? view.initial
  const after = states[step] ?? view.initial
  return (
    <div class="trace">
      <Controls
        view={view}
        step={step}
        compared={compared}
        firstViolation={firstViolation}
        toStep={toStep}
        compare={(to) => go({ compared: to })}
      />
      <div class="side-by-side">
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard (WCAG 2.1.1) */}
        <section class="scrolled diagram-place on-screen" ref={scroller} tabIndex={0} aria-label="space-time diagram">
          <DiagramHead lanes={view.lanes} width={width} />
          <Diagram
            view={view}
            rows={rows}
            step={step}
            compared={compared}
            from={from}
            to={to}
            width={width}
            onStep={toStep}
            onOpen={(first) => setOpened(new Set([...opened, first]))}
          />
        </section>
        {isPrinting && <PrintedDiagram view={view} step={step} />}
        <div class="beside">
          <Changes view={view} step={step} />
          <StateTree
            before={before}
            after={after}
            since={compared === null ? 'changed in this step' : `compared with ${stateName(compared)}`}
          />
        </div>
      </div>
      <Legend view={view} />
      {to - from + 1 < rows.length && (
        <p class="faint on-screen">Only what is near is drawn, of {rows.length} rows: the rest follows as you scroll.</p>
      )}
      <Strips strips={view.properties} step={step} onStep={toStep} />
      <Exports view={view} name={header.title} title={`${header.title}: ${header.sentence}`} step={step} />
    </div>
  )
}

function stateName(step: number): string {
  return step === 0 ? 'the initial state' : `the state after step ${step}`
}

interface ControlProperties {
  readonly view: TraceView
  readonly step: number
  readonly compared: number | null
  readonly firstViolation: number | null
  readonly toStep: (step: number) => void
  readonly compare: (step: number | null) => void
}

function Controls({ view, step, compared, firstViolation, toStep, compare }: ControlProperties): JSX.Element {
  const last = view.steps.length
  return (
    <div class="controls">
      <button type="button" onClick={() => toStep(0)} disabled={step === 0} aria-label="first state" title="Home">
        |◀
      </button>
      <button type="button" onClick={() => toStep(step - 1)} disabled={step === 0} aria-label="step back" title="k or ←">
        ◀
      </button>
      <label>
        <span class="unseen">step</span>
        <input
          type="range"
          min="0"
          max={last}
          value={step}
          aria-valuetext={stateName(step)}
          onInput={(event) => toStep(Number(event.currentTarget.value))}
        />
      </label>
      <button type="button" onClick={() => toStep(step + 1)} disabled={step === last} aria-label="step forward" title="j or →">
        ▶
      </button>
      <button type="button" onClick={() => toStep(last)} disabled={step === last} aria-label="last state" title="End">
        ▶|
      </button>
      <output>
        {step} of {last}
      </output>
      <button type="button" disabled={firstViolation === null} onClick={() => firstViolation !== null && toStep(firstViolation)} title="v">
        first violation
      </button>
      <label>
        compare with{' '}
        <select
          value={compared === null ? '' : String(compared)}
          onChange={(event) => compare(event.currentTarget.value === '' ? null : Number(event.currentTarget.value))}
        >
          <option value="">the step before</option>
          {compared !== null && <option value={String(compared)}>{stateName(compared)}</option>}
          {[0, step, last]
            .filter((one, i, all) => one !== compared && all.indexOf(one) === i)
            .map((one) => (
              <option key={one} value={String(one)}>
                {one === step ? `this one, ${stateName(one)}` : stateName(one)}
              </option>
            ))}
        </select>
      </label>
    </div>
  )
}
