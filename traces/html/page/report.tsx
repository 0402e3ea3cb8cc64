/** A report: what was found, and the views of it under tabs. */
import type { JSX } from 'preact'
import type { ReportDocument, ReportView } from '../document.ts'
import { ExplorationPage } from './exploration/exploration-page.tsx'
import { FindingsList } from './findings/findings-list.tsx'
import { Header } from './header.tsx'
import { HistoryPage } from './history/history-page.tsx'
import { usePlace } from './place.ts'
import { ReplayTable } from './replay/replay-table.tsx'
import { TracePage } from './trace/trace-page.tsx'
import { TransactionsPage } from './transactions/transactions-page.tsx'

export function Report({ document: { header, views } }: { readonly document: ReportDocument }): JSX.Element {
  const [place, go] = usePlace()
  const shown = Math.min(place.view, views.length - 1)
  const view = views[shown]
  return (
    <>
      <Header header={header} />
      {views.length > 1 && (
        <div class="tabs" role="tablist" aria-label="views">
          {views.map((one, i) => (
            <button
              key={tabName(one, views)}
              type="button"
              role="tab"
              id={`tab-${i}`}
              aria-selected={i === shown}
              aria-controls="view"
              tabIndex={i === shown ? 0 : -1}
              onClick={() => go({ view: i })}
              onKeyDown={(event) => {
                const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key]
                if (by === undefined) return
                const next = (i + by + views.length) % views.length
                go({ view: next })
                document.getElementById(`tab-${next}`)?.focus()
                event.stopPropagation()
              }}
            >
              {tabName(one, views)}
            </button>
          ))}
        </div>
      )}
      {view !== undefined && (
        <main>
          <div id="view" {...(views.length > 1 && { role: 'tabpanel', 'aria-labelledby': `tab-${shown}` })}>
            {view.kind === 'trace' && <TracePage view={view} header={header} />}
            {view.kind === 'history' && <HistoryPage key={view.level} view={view} header={header} />}
            {view.kind === 'transactions' && <TransactionsPage key={view.level} view={view} header={header} />}
            {view.kind === 'findings' && <FindingsList view={view} />}
            {view.kind === 'exploration' && <ExplorationPage view={view} header={header} />}
            {view.kind === 'replay' && (
              <ReplayTable view={view} onStep={(step) => go({ view: views.findIndex(({ kind }) => kind === 'trace'), step })} />
            )}
          </div>
        </main>
      )}
    </>
  )
}

/** With the level, where there are several of a kind. */
function tabName(view: ReportView, views: readonly ReportView[]): string {
  const isOnly = views.filter(({ kind }) => kind === view.kind).length === 1
  return isOnly || !('level' in view) ? viewNames[view.kind] : view.level
}

const viewNames: Readonly<Record<ReportView['kind'], string>> = {
  trace: 'Trace',
  history: 'History',
  transactions: 'Transactions',
  findings: 'Findings',
  replay: 'Replay',
  exploration: 'Exploration',
}
