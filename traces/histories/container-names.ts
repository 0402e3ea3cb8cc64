/** What the programs that record containers call objects and methods, and what we call them. */

/** `atomic-stack` is a `stack`; a kind that nobody here knows keeps its name. */
export function modelOfObject(object: string): string {
  const kind = object.replace(/^atomic-/, '')
  switch (kind) {
    case 'pqueue':
    case 'priorityqueue':
      return 'priority-queue'
    default:
      return kind
  }
}

const everywhere: Readonly<Record<string, string>> = {
  enq: 'enqueue',
  deq: 'dequeue',
  push_front: 'push-front',
  push_back: 'push-back',
  pop_front: 'pop-front',
  pop_back: 'pop-back',
  peek_front: 'peek-front',
  peek_back: 'peek-back',
}

const byModel: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  queue: { add: 'enqueue', offer: 'enqueue', put: 'enqueue', remove: 'dequeue', poll: 'dequeue', take: 'dequeue' },
  stack: { add: 'push', remove: 'pop' },
  set: { add: 'insert', delete: 'remove' },
  'priority-queue': { add: 'insert', offer: 'insert', put: 'insert', remove: 'poll' },
}

/** The name of a method in a history of ours; one that nobody here knows keeps its name. */
export function operationOfMethod(method: string, model: string | null): string {
  const inModel = model === null ? undefined : byModel[model]
  if (inModel !== undefined && Object.hasOwn(inModel, method)) return inModel[method] as string
  return Object.hasOwn(everywhere, method) ? (everywhere[method] as string) : method
}

/** What looks like an integer is one, of any size; anything else is a string. */
export function scalarOf(text: string): number | bigint | string {
  if (!/^-?\d+$/.test(text)) return text
  const value = Number(text)
  return Number.isSafeInteger(value) ? value : BigInt(text)
}
