/** Tells the format of a history by how it begins, never by the name of its file; and what the file says that it is of. */
import { HistoryError } from '../../properties/errors.ts'
import { isAwditStep } from './awdit.ts'
import { modelOfObject } from './container-names.ts'
import { type FormatName, listFormats } from './formats.ts'
import { isLogEvent } from './jepsen-log.ts'
import { isLimoEvent } from './limo.ts'
import { isPlumeStep } from './plume.ts'
import { isPolylinEvent } from './polylin.ts'

export interface Recognized {
  readonly format: FormatName
  /** The name of a specification, such as `queue`; `null` where the file does not say. */
  readonly model: string | null
}

/**
 * @param head how the file begins: whole lines, or all of it
 * @returns `null` where this does not tell
 * @throws HistoryError `history-syntax`, for what is not a history
 */
export function recognize(head: string, file: string): Recognized | null {
  const format = formatOf(head, file)
  return format === null ? null : { format, model: modelIn(head, format) }
}

/** For a file that says nothing that is known here. */
export function unrecognized(head: string, file: string): HistoryError {
  if (head.trim() === '') return refuse(file, `the file is empty, expected a history; the formats are ${listFormats()}`)
  return refuse(file, `its format cannot be told, expected one of ${listFormats()}; name the format if it is one of these`)
}

/** What the first lines of a file of this format say that it is a history of. */
export function modelIn(head: string, format: FormatName): string | null {
  switch (format) {
    case 'porcupine-kv':
      return 'key-value'
    case 'jepsen-log':
      return 'cas-register'
    case 'plume':
    case 'awdit':
      return 'rw-register'
    case 'limo': {
      const object = /^[ \t]*#[ \t]*@object[ \t]+(\S+)/m.exec(head)?.[1]
      return object === undefined ? null : modelOfObject(object)
    }
    case 'polylin': {
      const object = polylinHeader.exec(head)?.[1]
      return object === undefined ? null : modelOfObject(object)
    }
    default:
      return null
  }
}

const polylinHeader = /^[ \t]*#[ \t]*([\w-]+)[ \t]*$/m

function formatOf(head: string, file: string): FormatName | null {
  // What is said before the first event: whitespace, comments of EDN, and tags of its records.
  const start = head.replace(/^(?:[\s,]+|;[^\n]*(?:\n|$))+/, '')
  if (/^\{\s*"/.test(start) || /^\[\s*\{\s*"[^"]*"\s*:/.test(start)) return jsonFormat(start, file)
  if (/^[[(]?[\s,]*(?:;[^\n]*\n[\s,]*)*(?:#[a-zA-Z][\w.*/-]*\s*)?\{\s*:/.test(start)) return ednFormat(start)
  if (/^[[(][\s,]*(?:[\])]|$)/.test(start)) return 'jepsen-edn'
  if (/^[[(]?[\s,]*\[[\s,]*[^\s,]+[\s,]+:(?:invoke|ok|fail|info)\b/.test(start)) return 'jepsen-edn'
  return lineFormat(head)
}

function jsonFormat(start: string, file: string): FormatName {
  if (/"counterpoint"\s*:\s*"history"/.test(start)) return 'counterpoint'
  const hasEvents = /"type"\s*:\s*"(?:invoke|ok|fail|info)"/.test(start)
  if (!hasEvents && /"schema"\s*:/.test(start) && /"model"\s*:/.test(start))
    throw refuse(file, 'this is a trace of a model, not a recorded history; show it with counterpoint show, or give a history')
  return 'jepsen-json'
}

function ednFormat(start: string): FormatName {
  const first = start.slice(0, start.indexOf('}') + 1)
  return /:key\s/.test(first) && /:f\s+:(?:get|put|append)\b/.test(first) ? 'porcupine-kv' : 'jepsen-edn'
}

/** The formats that have one event a line; comments and noise may come first. */
function lineFormat(head: string): FormatName | null {
  if (/^\s*#\s*@object\b/.test(head)) return 'limo'
  const lines = head.split('\n')
  for (const text of lines) {
    const line = text.trim()
    if (line === '' || line.startsWith('#')) continue
    if (isLimoEvent(line)) return 'limo'
    if (isPolylinEvent(line)) return 'polylin'
    if (isLogEvent(line)) return 'jepsen-log'
    if (isPlumeStep(line)) return 'plume'
    if (isAwditStep(line)) return 'awdit'
  }
  // An object without operations.
  return lines.every((line) => /^\s*(?:#|$)/.test(line)) && polylinHeader.test(head) ? 'polylin' : null
}

function refuse(file: string, message: string): HistoryError {
  return new HistoryError('history-syntax', `${file}:1:1: ${message}`)
}
