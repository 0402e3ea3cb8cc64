import { describe, expect, it } from 'vitest'
import { type SiblingsValue, siblingSessions } from './sessions.ts'

const { events, initial, questions } = siblingSessions
type Event = (value: SiblingsValue) => SiblingsValue

describe('sessions that see siblings', () => {
  it.each([
    ['keep all guarantees where a read returns siblings', [write(0, 1), write(1, 2), read(2, 1, 2), read(2, 1, 2)], []],
    ['and where it returns what has replaced them', [write(0, 1), write(1, 2), read(2, 1, 2), write(3, 3, 1, 2), read(2, 3)], []],
    ['do not read their writes where they miss one', [write(0, 1), read(0)], ['readYourWrites']],
    ['read their writes in what descends from them', [write(0, 1), write(1, 2, 1), write(2, 3, 2), read(0, 3)], []],
    ['and not in what does not', [write(0, 1), write(1, 2), read(0, 2)], ['readYourWrites']],
    ['go backwards where a sibling is gone', [write(0, 1), write(1, 2), read(2, 1, 2), read(2, 2)], ['monotonicReads']],
    ['see writes out of order where the first one is missing', [write(0, 1), write(0, 2), read(1, 2)], ['monotonicWrites']],
    ['and not where the second one has replaced it', [write(0, 1), write(0, 2, 1), read(1, 2)], []],
    ['see a write without what it followed', [write(0, 1), read(1, 1), write(1, 2), read(2, 2)], ['writesFollowReads']],
    ['and not where that was its context', [write(0, 1), read(1, 1), write(1, 2, 1), read(2, 2)], []],
    ['begin anew after a request that was lost', [write(0, 1), lost(0, 2), read(0)], []],
  ] as const)('%s', (_, steps, expected) => {
    const value = (steps as readonly Event[]).reduce((now, step) => step(now), initial)
    const broken = Object.entries(questions).flatMap(([name, ask]) => (ask(value) === true ? [] : [name]))
    expect(broken).toEqual(expected)
  })

  it('say how', () => {
    const value = [write(0, 1), read(0), read(1)].reduce((now, step) => step(now), initial)
    expect(questions.readYourWrites(value)).toBe('a read misses write 1 of its own session')
  })
})

function write(process: number, number: number, ...context: readonly number[]): Event {
  return (value) => events.written(events.write(value, process, number, context), process, number)
}

function lost(process: number, number: number): Event {
  return (value) => events.lost(events.write(value, process, number, []), process)
}

function read(process: number, ...siblings: readonly number[]): Event {
  return (value) => events.read(value, process, siblings)
}
