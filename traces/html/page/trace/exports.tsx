/** The trace in other forms: a picture, or text for other tools. */
import type { JSX } from 'preact'
import type { TraceView } from '../../document.ts'
import { fileName, SavePicture } from '../picture/save-picture.tsx'
import { save } from '../save.ts'
import { drawingsOf } from './whole-diagram.tsx'

interface Properties {
  readonly view: TraceView
  /** What the report is about. */
  readonly name: string
  /** Of the picture. */
  readonly title: string
  readonly step: number
}

export function Exports({ view, name, title, step }: Properties): JSX.Element {
  const text = (ending: string, label: string): JSX.Element | null => {
    const content = view.exports[ending]
    if (content === undefined) return null
    return (
      <button type="button" onClick={() => save(new Blob([content], { type: 'text/plain' }), `${fileName(name)}.${ending}`)}>
        {label}
      </button>
    )
  }
  return (
    <SavePicture name={name} title={title} style="diagram" drawings={drawingsOf(view, step)}>
      {text('mmd', 'Mermaid')}
      {text('itf.json', 'ITF')}
      {text('json', 'trace')}
    </SavePicture>
  )
}
