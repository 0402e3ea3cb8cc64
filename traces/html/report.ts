/** Writes reports: one HTML file that needs nothing else, asks nobody for anything, and runs no script but its own. */
import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { UserError } from '../../checker/index.ts'
import type { ReportDocument } from './document.ts'

/** The page of a report, whole. */
export function reportHtml(document: ReportDocument): string {
  return pageHtml(document.header.title, 'report', document)
}

/**
 * The page with data of its own kind. `data` is text and never markup, whatever it holds.
 *
 * @param connects what the page may connect to, in the words of a content security policy; nothing unless told
 */
export function pageHtml(title: string, kind: 'report' | 'explorer', data: unknown, connects = "'none'"): string {
  const { script, style } = built()
  const policy = [
    "default-src 'none'",
    `script-src '${digest(script)}'`,
    `style-src '${digest(style)}'`,
    // The picture as PNG is drawn from an image of itself.
    'img-src data: blob:',
    `connect-src ${connects}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ')
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,">
<title>${escaped(title)} · Counterpoint</title>
<style>${style}</style>
</head>
<body>
<div id="page"></div>
<script type="application/json" id="data" data-kind="${kind}">${inScript(data)}</script>
<script type="module">${script}</script>
</body>
</html>
`
}

/** JSON that cannot end the element that it stands in. */
function inScript(data: unknown): string {
  return JSON.stringify(data).replaceAll('<', '\\u003c').replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029')
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
}

function digest(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`
}

interface Built {
  readonly script: string
  readonly style: string
}

let found: Built | undefined

/** What `npm run build` has made of page/, beside this file in the package, and in dist/ where the sources run. */
function built(): Built {
  if (found !== undefined) return found
  const folder = ['page/', '../../dist/traces/html/page/']
    .map((path) => new URL(path, import.meta.url))
    .find((url) => existsSync(new URL('page.js', url)))
  if (folder === undefined)
    throw new UserError('bad-file', `${fileURLToPath(new URL('page/page.js', import.meta.url))}: the page is not built; run npm run build`)
  const read = (name: string): string => readFileSync(new URL(name, folder), 'utf8')
  // What would end the element stands in strings only, where a backslash changes nothing.
  found = { script: read('page.js').replaceAll('</', '<\\/'), style: read('page.css') }
  return found
}
