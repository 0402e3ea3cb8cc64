/** What was found, of what, and how to find it again. */
import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import type { ReportHeader, Tone } from '../document.ts'

export function Header({ header: { title, tone, sentence, facts, command } }: { readonly header: ReportHeader }): JSX.Element {
  return (
    <header>
      <p class="title">{title}</p>
      <h1 class={tone}>
        <span class="sign" role="img" aria-label={toneSigns[tone].word}>
          {toneSigns[tone].sign}
        </span>{' '}
        <bdi>{sentence}</bdi>
      </h1>
      <dl class="facts">
        {facts.map(({ name, value }) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              <bdi>{value}</bdi>
            </dd>
          </div>
        ))}
      </dl>
      {command !== null && <Command text={command} />}
    </header>
  )
}

/** Colour never says it alone. */
export const toneSigns: Readonly<Record<Tone, { readonly sign: string; readonly word: string }>> = {
  good: { sign: '✓', word: 'good:' },
  bad: { sign: '✗', word: 'wrong:' },
  unsure: { sign: '?', word: 'not certain:' },
}

function Command({ text }: { readonly text: string }): JSX.Element {
  const [said, say] = useState('')
  const copy = async (): Promise<void> => {
    const copied = await copyText(text)
    say(copied ? 'copied' : 'select it to copy')
    setTimeout(() => say(''), 2000)
  }
  return (
    <p class="command">
      <code>{text}</code>
      <button type="button" onClick={() => void copy()} aria-label="copy the command">
        {said === '' ? 'copy' : said}
      </button>
      <span class="unseen" role="status">
        {said}
      </span>
    </p>
  )
}

/** A page that was opened as a file may not have a clipboard; what is selected can be copied all the same. */
async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    const area = document.createElement('textarea')
    area.value = text
    document.body.append(area)
    area.select()
    const copied = document.execCommand('copy')
    area.remove()
    return copied
  }
}
