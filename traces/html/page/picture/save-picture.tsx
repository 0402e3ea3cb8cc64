/** Buttons that save a picture: as SVG, and as PNG where browsers can draw one so large. */
import type { ComponentChildren, JSX } from 'preact'
import { useId, useState } from 'preact/hooks'
import { save } from '../save.ts'
import { pngOf, svgOf } from './picture.tsx'
import { pngScale, titleHeightMax } from './png-size.ts'

/** A picture of all that there is to see, or of a part of it. */
export interface Drawing {
  readonly width: number
  readonly height: number
  /** What of it: `steps 12 to 600, around the one that is looked at`; null: all. */
  readonly part: string | null
  readonly draw: () => JSX.Element
}

interface Properties {
  /** Of the file, without its ending. */
  readonly name: string
  readonly title: string
  /** The class whose rules of style it needs. */
  readonly style: string
  /** From the largest to the smallest. */
  readonly drawings: readonly [Drawing, ...Drawing[]]
  /** More buttons. */
  readonly children?: ComponentChildren
}

export function SavePicture({ name, title, style, drawings, children }: Properties): JSX.Element {
  const [said, say] = useState('')
  const about = useId()
  const [largest] = drawings
  const forPng = drawings.find(({ width, height }) => pngScale({ width, height: height + titleHeightMax }) !== null)
  const file = fileName(name)
  const svg = (drawing: Drawing): ReturnType<typeof svgOf> =>
    svgOf({ title: titleOf(title, drawing), style, ...drawing, content: drawing.draw() })
  const savePng = async (drawing: Drawing): Promise<void> => {
    try {
      const picture = svg(drawing)
      save(await pngOf(picture, pngScale(picture) ?? 1), `${file}.png`)
      say('')
    } catch {
      say('This browser could not draw the PNG: save it as SVG.')
    }
  }
  const notes = notesOf(largest, forPng)
  return (
    <fieldset class="exports">
      <legend>Save as</legend>
      <button type="button" onClick={() => save(new Blob([svg(largest).text], { type: 'image/svg+xml' }), `${file}.svg`)}>
        SVG
      </button>
      <button
        type="button"
        disabled={forPng === undefined}
        {...(notes.length > 0 && { 'aria-describedby': about })}
        onClick={() => forPng !== undefined && void savePng(forPng)}
      >
        PNG
      </button>
      {children}
      {notes.length > 0 && (
        <span class="faint" id={about}>
          {notes.join(' ')}
        </span>
      )}
      <span role="status">{said}</span>
    </fieldset>
  )
}

/** A name that every system takes. */
export function fileName(text: string): string {
  return text.replace(/[^\w-]+/g, '-').slice(0, 60) || 'picture'
}

function titleOf(title: string, { part }: Drawing): string {
  return part === null ? title : `${title} (${part})`
}

function notesOf(largest: Drawing, forPng: Drawing | undefined): readonly string[] {
  const svg = largest.part === null ? [] : [`Only ${largest.part}.`]
  if (forPng === largest) return svg
  const size = `${Math.ceil(largest.width).toLocaleString('en')} × ${Math.ceil(largest.height).toLocaleString('en')} pixels`
  if (forPng === undefined) return [...svg, `No PNG: browsers draw none of ${size}. The SVG is whole.`]
  return [...svg, `The PNG is of ${forPng.part ?? 'all'}: browsers draw none of ${size}.`]
}
