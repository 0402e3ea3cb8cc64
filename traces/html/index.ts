/** Reports as HTML. */
export { checkReport } from './check-report.ts'
export type { ReportDocument } from './document.ts'
export { reportHtml } from './report.ts'
export { type TraceReportOptions, traceReport } from './trace-report.ts'
export { verdictReport } from './verdict-report.ts'
