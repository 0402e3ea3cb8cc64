/** The page of a report, or of the explorer: reads its data from the file that it stands in, and draws them. */
import { render } from 'preact'
import type { ExplorerDocument } from '../../explorer/api.ts'
import type { ReportDocument } from '../document.ts'
import { Explorer } from './explorer/explorer.tsx'
import { Report } from './report.tsx'
import './styles/base.css'
import './styles/diagram.css'
import './styles/trace.css'
import './styles/replay.css'
import './styles/exploration.css'
import './styles/bars.css'
import './styles/transactions.css'
import './styles/explorer.css'

const data = document.getElementById('data')
const place = document.getElementById('page')

if (data !== null && place !== null) {
  const given: unknown = JSON.parse(data.textContent)
  if (data.dataset['kind'] === 'explorer') render(<Explorer document={given as ExplorerDocument} />, place)
  else render(<Report document={given as ReportDocument} />, place)
}
