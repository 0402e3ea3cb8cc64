/** Asks a running explorer, as its page does. */
import type { Questions, Refusal } from '../api.ts'
import type { RunningExplorer } from '../server.ts'

export async function ask<N extends keyof Questions>(
  { url }: Pick<RunningExplorer, 'url'>,
  name: N,
  question: Questions[N]['question'],
): Promise<Questions[N]['answer'] | Refusal> {
  const { origin, searchParams } = new URL(url)
  const response = await fetch(`${origin}/api/${name}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${searchParams.get('token')}`, 'content-type': 'application/json' },
    body: JSON.stringify(question),
  })
  return (await response.json()) as Questions[N]['answer'] | Refusal
}
