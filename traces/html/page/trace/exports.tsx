/** The trace in other forms: a picture, or text for other tools. */
import { type JSX, render } from 'preact'
import type { TraceView } from '../../document.ts'
import { save } from '../save.ts'
import diagramStyle from '../styles/diagram.css?inline'
import { Diagram, diagramSize } from './diagram.tsx'
import { rowsOf } from './rows.ts'

const pictureWidth = 960
/** Browsers draw no canvas that is higher. */
const pngMax = 16_000

export function Exports({ view, title }: { readonly view: TraceView; readonly title: string }): JSX.Element {
  const name = title.replace(/[^\w-]+/g, '-').slice(0, 60) || 'trace'
  const text = (ending: string, label: string): JSX.Element | null => {
    const content = view.exports[ending]
    if (content === undefined) return null
    return (
      <button type="button" onClick={() => save(new Blob([content], { type: 'text/plain' }), `${name}.${ending}`)}>
        {label}
      </button>
    )
  }
  return (
    <fieldset class="exports">
      <legend>Save as</legend>
      <button type="button" onClick={() => save(new Blob([pictureOf(view).svg], { type: 'image/svg+xml' }), `${name}.svg`)}>
        SVG
      </button>
      <button type="button" onClick={() => void savePng(view, `${name}.png`)}>
        PNG
      </button>
      {text('mmd', 'Mermaid')}
      {text('itf.json', 'ITF')}
      {text('json', 'trace')}
    </fieldset>
  )
}

interface Picture {
  readonly svg: string
  readonly width: number
  readonly height: number
}

/** The whole diagram with its own colours, so that it looks the same elsewhere. */
function pictureOf(view: TraceView): Picture {
  const rows = rowsOf(view.steps, view.messages, new Set(), 0)
  const { width, height } = diagramSize(view, rows, pictureWidth)
  const place = document.createElement('div')
  render(<Diagram view={view} rows={rows} step={-1} compared={null} from={0} to={rows.length} width={width} />, place)
  const svg = place.firstElementChild
  if (!(svg instanceof SVGElement)) throw new Error('the diagram is not there')
  svg.setAttribute('xmlns', 'http://www.w3.org/2000/svg')
  const ground = `<rect width="100%" height="100%" fill="${colour('--ground')}"/>`
  const style = `<style>${diagramStyle.replace(/var\((--\w+)\)/g, (_, variable: string) => colour(variable))} text { font: 13px sans-serif; }</style>`
  const text = new XMLSerializer().serializeToString(svg).replace(/^(<svg[^>]*>)/, (open) => `${open}${style}${ground}`)
  render(null, place)
  return { svg: text, width, height }
}

/** What a variable of the style is at the moment, dark or light. */
function colour(variable: string): string {
  const probe = document.createElement('span')
  probe.style.color = `var(${variable})`
  document.body.append(probe)
  const { color } = getComputedStyle(probe)
  probe.remove()
  return color
}

async function savePng(view: TraceView, name: string): Promise<void> {
  const { svg, width, height } = pictureOf(view)
  const scale = Math.min(2, pngMax / height)
  const image = new Image()
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`
  await image.decode()
  const canvas = document.createElement('canvas')
  canvas.width = Math.ceil(width * scale)
  canvas.height = Math.ceil(height * scale)
  canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height)
  canvas.toBlob((blob) => blob !== null && save(blob, name), 'image/png')
}
