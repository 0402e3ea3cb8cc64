/** Limits as people write them (`30s`, `4g`), and measurements as people read them. */
import { InvalidArgumentError } from 'commander'

/** A whole number of at least `least`. */
export function whole(least: number): (text: string) => number {
  return (text) => {
    const value = /^-?\d+$/.test(text) ? Number(text) : Number.NaN
    if (Number.isSafeInteger(value) && value >= least) return value
    throw new InvalidArgumentError(`Expected a whole number${least > Number.MIN_SAFE_INTEGER ? ` of at least ${least}` : ''}.`)
  }
}

/** A duration in milliseconds: `500ms`, `30s`, `5m`, `2h`. */
export function duration(text: string): number {
  const milliseconds = quantity(text, { ms: 1, s: 1000, m: 60_000, h: 3_600_000 })
  if (milliseconds === null) throw new InvalidArgumentError('Expected a duration such as 500ms, 30s, 5m or 2h.')
  return milliseconds
}

/** A size in bytes: `500m`, `4g`. */
export function size(text: string): number {
  const bytes = quantity(text.toLowerCase().replace(/(?<=[kmg])i?b$/, ''), { k: 2 ** 10, m: 2 ** 20, g: 2 ** 30 })
  if (bytes === null) throw new InvalidArgumentError('Expected a size such as 500m or 4g.')
  return bytes
}

/** `1,745,408` */
export function counted(value: number): string {
  return Math.round(value).toLocaleString('en-US')
}

/** `1 state`, `2 states` */
export function plural(value: number, noun: string, nouns: string = `${noun}s`): string {
  return `${counted(value)} ${value === 1 ? noun : nouns}`
}

/** `0.21 s`, `34 s`, `2 min 5 s` */
export function elapsed(seconds: number): string {
  if (seconds < 10) return `${seconds.toFixed(2)} s`
  if (seconds < 60) return `${seconds.toFixed(1)} s`
  const [hours, minutes, rest] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, Math.floor(seconds % 60)]
  return `${hours > 0 ? `${hours} h ` : ''}${minutes} min ${rest} s`
}

/** `812 kB`, `1.2 GB` */
export function sized(bytes: number): string {
  const [unit, name] = bytes >= 1e9 ? [1e9, 'GB'] : bytes >= 1e6 ? [1e6, 'MB'] : [1e3, 'kB']
  const value = bytes / unit
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ${name}`
}

function quantity(text: string, units: Readonly<Record<string, number>>): number | null {
  const [, number, unit] = /^(\d+(?:\.\d+)?)([a-z]+)$/.exec(text) ?? []
  const factor = unit !== undefined && Object.hasOwn(units, unit) ? units[unit] : undefined
  const value = factor === undefined ? 0 : Number(number) * factor
  return value > 0 && Number.isFinite(value) ? value : null
}
