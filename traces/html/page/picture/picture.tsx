/** A picture on its own: SVG that needs nothing of the page, and PNG drawn from it. */
import { type JSX, render } from 'preact'
import { wrapped } from '../bars/text.ts'
import { titleHeightMax } from './png-size.ts'

export interface Picture {
  readonly title: string
  /** A class: of the page's style the rules that name it are taken along. */
  readonly style: string
  /** An `svg` of this size, in pixels. */
  readonly content: JSX.Element
  readonly width: number
  readonly height: number
}

export interface SvgPicture {
  readonly text: string
  readonly width: number
  readonly height: number
}

const margin = 12
const lineHeight = 20
const linesMax = 3
/** Its font is wider than that which text is measured by. */
const titleRoom = 0.88
/** Narrower ones have no room for a title. */
const widthMin = 480

/** With its title on top, and with the colours that the page has at the moment, so that it looks the same elsewhere. */
export function svgOf({ title, style, content, width, height }: Picture): SvgPicture {
  const place = document.createElement('div')
  const wide = Math.max(widthMin, Math.ceil(width))
  const lines = wrapped(title, (wide - 2 * margin) * titleRoom, linesMax)
  const titleHeight = Math.min(titleHeightMax, lines.length * lineHeight + margin)
  const size = { width: wide, height: Math.ceil(height) + titleHeight }
  render(
    <svg {...size} viewBox={`0 0 ${size.width} ${size.height}`} role="img">
      <title>{title}</title>
      <style>{`${generalStyle} ${rulesOf(style)}`.replace(/var\((--\w+)\)/g, (_, variable: string) => colour(variable))}</style>
      <rect width="100%" height="100%" fill={colour('--ground')} />
      {lines.map((line, i) => (
        <text key={`${i} ${line}`} class="picture-title" x={margin} y={(i + 1) * lineHeight} fill={colour('--text')}>
          {line}
        </text>
      ))}
      <g transform={`translate(0 ${titleHeight})`}>{content}</g>
    </svg>,
    place,
  )
  const svg = place.firstElementChild
  if (!(svg instanceof SVGElement)) throw new Error('the picture is not there')
  // Said in the text, too, for programs that read it as a file.
  svg.setAttribute('xmlns', 'http://www.w3.org/2000/svg')
  const text = inXml(new XMLSerializer().serializeToString(svg))
  render(null, place)
  return { text, ...size }
}

const generalStyle = 'text { font-family: sans-serif; font-size: 13px } .picture-title { font-weight: 600; unicode-bidi: isolate }'

export async function pngOf({ text, width, height }: SvgPicture, scale: number): Promise<Blob> {
  const image = new Image()
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`
  await image.decode()
  const canvas = document.createElement('canvas')
  canvas.width = Math.floor(width * scale)
  canvas.height = Math.floor(height * scale)
  canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height)
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob === null ? reject(new Error('the browser draws no picture of this size')) : resolve(blob)), 'image/png')
  })
}

/** The rules of the page's own style that name a class. */
function rulesOf(name: string): string {
  const rules = [...document.styleSheets].flatMap(({ cssRules }) => [...cssRules])
  return rules.flatMap((rule) => (rule instanceof CSSStyleRule && rule.selectorText.includes(`.${name}`) ? [rule.cssText] : [])).join(' ')
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

/** XML has no place for some characters, not even as numbers. */
function inXml(text: string): string {
  return text.replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '\uFFFD')
}
