/** The page of a report: reads its data from the file that it stands in, and draws them. */
import { render } from 'preact'
import type { ReportDocument } from '../document.ts'
import { Report } from './report.tsx'
import './styles/base.css'
import './styles/diagram.css'
import './styles/trace.css'
import './styles/replay.css'
import './styles/exploration.css'
import './styles/bars.css'
import './styles/transactions.css'

const data = document.getElementById('data')
const place = document.getElementById('page')

if (data !== null && place !== null) render(<Report document={JSON.parse(data.textContent) as ReportDocument} />, place)
