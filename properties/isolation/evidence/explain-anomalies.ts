/** What is wrong where no cycle is needed to see it, in sentences; which steps prove each is told in inference.ts. */
import type { Anomaly } from '../anomaly.ts'
import { initialVersion } from '../table/transaction-table.ts'
import { assumedOrder, orderOfWrites, type Scene } from './explain-orders.ts'
import { Phrases } from './explain-phrases.ts'
import { isAppend, transactionOfStep, versionSeen } from './explain-steps.ts'
import { keyText } from './explain-words.ts'

export interface Account {
  /** Sentences. */
  readonly because: readonly string[]
  readonly conclusion: string
}

/** @param anomaly one without a cycle */
export function accountOf(scene: Scene, anomaly: Anomaly): Account {
  const { name, steps = [] } = anomaly
  scene.cast.show(...steps)
  const [first = -1, second = -1, third = -1, fourth = -1] = steps
  const say = new Phrases(scene, steps)
  switch (name) {
    case 'G1a':
      return {
        because: [`${say.read(first)}${say.listed(first, second)}, which ${say.who(second)} ${say.verb(second)} before it aborted.`],
        conclusion: 'What an aborted transaction wrote must not be seen.',
      }
    case 'G1b':
      return {
        because: [
          say.isList(first)
            ? `${say.read(first)}, which ends with ${say.write(second)} and not with its last, of ${say.value(third)}.`
            : `${say.read(first)}, which ${say.who(second)} wrote and then overwrote with ${say.value(third)}.`,
        ],
        conclusion: 'What a transaction overwrote itself must not be seen.',
      }
    case 'internal':
      return {
        because: [
          say.isRead(second)
            ? `${say.read(second)}, and then ${say.as(first)}, with nothing but its own writes between.`
            : say.ownWrite(first, second),
        ],
        conclusion: 'A transaction must see its own writes, and otherwise what it has read before.',
      }
    case 'future-read':
      return {
        because: [`${say.read(first)}${say.listed(first, second)}, which it ${say.verb(second)} only after that.`],
        conclusion: 'What is not yet written cannot be read.',
      }
    case 'thin-air-read':
      return {
        because: [`${say.read(first)}, and nothing ${say.isList(first) ? 'appended' : 'wrote'} ${say.unwritten(first)}.`],
        conclusion: 'What nothing wrote cannot be read.',
      }
    case 'dirty-update':
      return {
        because: [
          `${say.read(third)}, where ${say.write(second)} comes after ${say.who(first)}'s of ${say.value(first)}, and ${say.who(first)} aborted.`,
        ],
        conclusion: 'Nothing that committed may rest on what an aborted transaction wrote.',
      }
    case 'duplicate-elements':
      return {
        because: [
          `${say.read(first)}: ${say.repeated(first, second)}, and ${second === -1 ? 'nothing appended it' : `${say.who(second)} appended it once`}.`,
        ],
        conclusion: 'What is appended once cannot be there more often.',
      }
    case 'incompatible-order':
      return {
        because: [`${say.read(first)}.`, `${say.read(second)}.`],
        conclusion: 'Neither list begins with the other: no order of appends gives both.',
      }
    case 'cyclic-versions':
      return { because: versionCircle(scene, anomaly, say), conclusion: 'No order of the versions has all that.' }
    case 'lost-update':
      return {
        because: [
          `${say.read(first)}, and ${say.verb(second)} ${say.value(second)}.`,
          `${say.read(third, 'also read')}, and ${say.verb(fourth)} ${say.value(fourth)}.`,
        ],
        conclusion: 'One of the two overwrote the other without having seen it: an update is lost.',
      }
    case 'fractured-read':
      return {
        because: [`${say.observed(first, second)}.`, `${say.read(third)}${missed(scene, say, third, fourth)}.`],
        conclusion: `${say.who(first)} saw one part of what ${say.who(second)} wrote and not the other.`,
      }
    case 'non-repeatable-read':
      return {
        because: [`${say.read(first)} and later ${say.as(second)}.`],
        conclusion: 'A transaction should see one version of a key.',
      }
    default:
      return { because: steps.map((step) => `${say.step(step)}.`), conclusion: `That is ${name}.` }
  }
}

/** Writes that each come before the next. */
function versionCircle(scene: Scene, { steps = [], key }: Anomaly, say: Phrases): string[] {
  const [first = -1, second = -1, third = -1] = steps
  const { table } = scene.facts
  const isOfLists = isAppend(table, first)
  if (isOfLists) return [`${say.who(first)} ${say.wrote(first)}, and after that ${say.value(second)}.`, `${say.read(third)}.`]
  if (say.isRead(second)) {
    const how = assumedOrder(scene, key, table.version[first] as number, initialVersion)
    return [`${say.who(first)} ${say.wrote(first)}.`, `${say.read(second)}${how === null ? '' : `, too late (${how})`}.`]
  }
  return steps.map((step, i) => {
    const next = steps[(i + 1) % steps.length] as number
    const how = assumedOrder(scene, key, table.version[step] as number, table.version[next] as number)
    return `${say.write(step)} to ${keyText(table, key)} comes before ${say.who(next)}'s of ${say.value(next)}${how === null ? '' : ` (${how})`}.`
  })
}

/** That a read saw what comes before a write. */
function missed(scene: Scene, say: Phrases, read: number, write: number): string {
  const { facts } = scene
  const { versions, key } = facts.table
  const version = versionSeen(facts, read)
  const text = `although ${say.who(write)} ${say.wrote(write)}`
  if (version === initialVersion) return `, ${text}`
  const source = versions.writer[version] as number
  if (say.isList(read)) return `, which ends with ${say.write(source)}, ${text}`
  const { how } = orderOfWrites(scene, transactionOfStep(facts.table, source), transactionOfStep(facts.table, write), key[write] as number)
  return `, which ${say.who(source)} wrote, ${text} over it${how === null ? '' : ` (${how})`}`
}
