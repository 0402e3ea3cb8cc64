/** What a run can do next, and who decides: a schedule is the list of what was done. */
import type { Value } from '../../properties/index.ts'
import type { Sent } from './network.ts'
import type { Operation } from './workloads/workload.ts'

export type Step =
  /** A client calls its node. */
  | { readonly do: 'invoke'; readonly client: string; readonly f: string; readonly value: Value; readonly key?: Value | undefined }
  /** A message arrives; of a service that may answer in several ways, in which one. */
  | { readonly do: 'deliver'; readonly message: string; readonly pick?: number | undefined }
  | { readonly do: 'drop' | 'duplicate'; readonly message: string }
  /** Messages between nodes of two groups are lost. */
  | { readonly do: 'partition'; readonly groups: readonly (readonly string[])[] }
  | { readonly do: 'heal' }
  /** Time passes, in milliseconds. */
  | { readonly do: 'advance'; readonly ms: number }

/** What is possible now. */
export interface View {
  readonly nodes: readonly string[]
  /** Clients that have nothing open, with what each would do next; null: there is no more to do. */
  readonly idle: readonly { readonly client: string; readonly operation: Operation | null }[]
  /** Operations that are open. */
  readonly open: number
  readonly pool: readonly Sent[]
  readonly isParted: boolean
  /** Milliseconds until the next timer of a node or a client; null: time changes nothing. */
  readonly timer: number | null
  /** The same of nodes alone; null where they have clocks of their own. */
  readonly nodeTimer: number | null
  /** In how many ways the receiver may answer. */
  picks(message: Sent): number
  isNode(name: string): boolean
  isClient(name: string): boolean
}

export interface Scheduler {
  /** @returns null when it has enough; what is then on its way arrives in order */
  next(view: View): Step | null
}

export interface ScriptOptions {
  /** `near`: where a message is not on its way, an earlier or later one of its kind serves, as after steps were left out. */
  readonly messages?: 'exact' | 'near'
}

/** Takes these steps; those that are not possible are left out. */
export function scripted(steps: readonly Step[], { messages = 'exact' }: ScriptOptions = {}): Scheduler {
  let at = 0
  return {
    next: (view) => {
      while (at < steps.length) {
        const wanted = steps[at++] as Step
        const step = messages === 'near' ? nearest(wanted, view) : wanted
        if (isPossible(step, view)) return step
      }
      return null
    },
  }
}

function nearest(step: Step, { pool }: View): Step {
  if (!('message' in step) || pool.some(({ id }) => id === step.message)) return step
  const kind = (id: string): string => id.split(' ').slice(0, 2).join(' ')
  const other = pool.find(({ id }) => kind(id) === kind(step.message))
  return other === undefined ? step : { ...step, message: other.id }
}

function isPossible(step: Step, { pool, isParted, idle }: View): boolean {
  switch (step.do) {
    case 'deliver':
    case 'drop':
    case 'duplicate':
      return pool.some(({ id }) => id === step.message)
    case 'heal':
      return isParted
    case 'partition':
      return !isParted
    case 'invoke':
      return idle.some(({ client }) => client === step.client)
    case 'advance':
      return true
  }
}

export function stepText(step: Step): string {
  switch (step.do) {
    case 'invoke':
      return [
        `${step.client} calls ${step.f}`,
        ...[step.key, step.value].flatMap((one) => (one === undefined || one === null ? [] : [JSON.stringify(one)])),
      ].join(' ')
    case 'deliver':
      return `${step.message} arrives${step.pick === undefined || step.pick === 0 ? '' : `, answered from elsewhere (${step.pick})`}`
    case 'drop':
      return `${step.message} is lost`
    case 'duplicate':
      return `${step.message} is doubled`
    case 'partition':
      return `the network is parted: ${step.groups.map((group) => group.join(' ')).join(' | ')}`
    case 'heal':
      return 'the network heals'
    case 'advance':
      return `${step.ms} ms pass`
  }
}
