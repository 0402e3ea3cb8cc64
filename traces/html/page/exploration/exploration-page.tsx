/** What a check has explored: how much at which depth, which actions, and the graph of states. */
import type { JSX } from 'preact'
import type { ExplorationView, ReportHeader } from '../../document.ts'
import { StateGraphPicture } from './state-graph.tsx'

interface Properties {
  readonly view: ExplorationView
  readonly header: ReportHeader
}

export function ExplorationPage({ view: { levels, actions, properties, graph }, header }: Properties): JSX.Element {
  return (
    <div class="exploration">
      {graph !== null && <StateGraphPicture graph={graph} name={header.title} title={`${header.title}: ${header.sentence}`} />}
      <div class="tables">
        <section>
          <h2>Properties</h2>
          <table>
            <thead>
              <tr>
                <th scope="col">property</th>
                <th scope="col">kind</th>
                <th scope="col">verdict</th>
              </tr>
            </thead>
            <tbody>
              {properties.map(({ name, kind, verdict, sentence }) => (
                <tr key={name}>
                  <th scope="row">
                    <bdi title={sentence}>{name}</bdi>
                  </th>
                  <td>{kind}</td>
                  <td>
                    {signs[verdict] ?? ''} {verdict}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
        <Bars
          title="Actions"
          columns={['action', 'steps', 'states where it was enabled']}
          rows={actions.map(({ name, taken, enabled }) => ({
            name,
            count: taken,
            more: enabled === 0 ? 'never enabled' : enabled.toLocaleString('en'),
          }))}
        />
        {levels.length > 0 && (
          <Bars
            title="States by depth"
            columns={['depth', 'new states']}
            rows={levels.map((count, depth) => ({ name: String(depth), count, more: null }))}
          />
        )}
      </div>
    </div>
  )
}

const signs: Readonly<Record<string, string>> = { holds: '✓', violated: '✗', inconclusive: '?' }

interface BarProperties {
  readonly title: string
  readonly columns: readonly string[]
  readonly rows: readonly { readonly name: string; readonly count: number; readonly more: string | null }[]
}

function Bars({ title, columns, rows }: BarProperties): JSX.Element {
  const most = Math.max(1, ...rows.map(({ count }) => count))
  return (
    <section>
      <h2>{title}</h2>
      <table>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column} scope="col">
                {column}
              </th>
            ))}
            <td />
          </tr>
        </thead>
        <tbody>
          {rows.map(({ name, count, more }) => (
            <tr key={name}>
              <th scope="row">
                <bdi>{name}</bdi>
              </th>
              <td class="number">{count.toLocaleString('en')}</td>
              {more !== null && <td class="number">{more}</td>}
              <td>
                <svg class="bar" width="160" height="12" aria-hidden="true">
                  <rect width={(160 * count) / most} height="12" />
                </svg>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
