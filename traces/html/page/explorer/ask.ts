/** Asks the server that has served the page. */
import type { Questions, Refusal } from '../../../explorer/api.ts'

/** @param signal ends the question; nothing comes of it then */
export async function ask<N extends keyof Questions>(
  name: N,
  question: Questions[N]['question'],
  signal?: AbortSignal,
): Promise<Questions[N]['answer'] | Refusal> {
  const token = new URLSearchParams(location.search).get('token') ?? ''
  try {
    const response = await fetch(`/api/${name}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(question),
      ...(signal !== undefined && { signal }),
    })
    return response.ok ? ((await response.json()) as Questions[N]['answer'] | Refusal) : { error: (await response.text()).trim() }
  } catch (error) {
    if (signal?.aborted) return { error: 'stopped' }
    return { error: `the explorer does not answer (${error instanceof Error ? error.message : String(error)}); start it again` }
  }
}

export function isRefusal(answer: object): answer is Refusal {
  return 'error' in answer
}
