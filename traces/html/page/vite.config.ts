/**
 * Builds the page of reports: one script and one style sheet, which traces/html/report.ts puts into the file. `npm run dev:page` serves
 * it with hot reload instead, on the data of a report that REPORT names.
 */
import { readFileSync } from 'node:fs'
import { defineConfig } from 'vite'

export default defineConfig({
  root: import.meta.dirname,
  logLevel: 'warn',
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    target: 'es2022',
    outDir: '../../../dist/traces/html/page',
    emptyOutDir: true,
    lib: { entry: 'main.tsx', formats: ['iife'], name: 'page', fileName: () => 'page.js', cssFileName: 'page' },
  },
  define: { 'process.env.NODE_ENV': '"production"' },
  plugins: [
    {
      name: 'data-of-a-report',
      apply: 'serve',
      transformIndexHtml(html: string) {
        const report = process.env['REPORT']
        if (report === undefined) throw new Error('REPORT=report.html npm run dev:page, of a file that show --html has written')
        const [data = ''] = /<script type="application\/json".*?<\/script>/s.exec(readFileSync(report, 'utf8')) ?? []
        return html.replace('<!-- data -->', () => data)
      },
    },
  ],
})
