/** What an oracle says of a file, as plain data for other programs; the names stay as they are once published. */
import type { Decision, Judgement, OracleVerdict } from '../../properties/decision.ts'
import type { Operation } from '../../properties/operation.ts'
import type { FileVerdict } from './verify-file.ts'

/** The verdict of several judgements: the worst. One that does not apply says nothing. */
export function worstVerdict(verdicts: readonly Judgement['verdict'][]): OracleVerdict {
  if (verdicts.includes('violated')) return 'violated'
  return verdicts.includes('unknown') || verdicts.every((verdict) => verdict === 'inapplicable') ? 'unknown' : 'holds'
}

/** The document of one file: of one level its evidence, of several one entry for each. */
export function verdictDocument(found: FileVerdict): Readonly<Record<string, unknown>> {
  const { file, format, model, reading, ties, independent, events, annotations, judgements } = found
  const about = { format, reading, ...(ties && { ties }), independent, events, annotations }
  const [only] = judgements
  if (only && judgements.length === 1) {
    const { verdict, operations, objects, algorithm, seconds, key } = only
    return {
      file,
      model,
      level: only.level,
      verdict,
      operations,
      objects,
      algorithm,
      seconds,
      ...(key === undefined ? {} : { key }),
      evidence: evidence(only.decision),
      ...about,
    }
  }
  return {
    file,
    model,
    level: 'all',
    verdict: worstVerdict(judgements.map(({ verdict }) => verdict)),
    operations: only?.operations ?? 0,
    objects: only?.objects ?? 0,
    seconds: judgements.reduce((sum, { seconds }) => sum + seconds, 0),
    levels: judgements.map(({ level, verdict, algorithm, seconds, decision }) => ({
      level,
      verdict,
      algorithm,
      seconds,
      evidence: evidence(decision),
    })),
    ...about,
  }
}

/** JSON text; integers that a number cannot hold are written as `{"#bigint": "..."}`, as in ITF. */
export function jsonText(document: unknown): string {
  return `${JSON.stringify(document, (_, value: unknown) => (typeof value === 'bigint' ? { '#bigint': value.toString() } : value), 2)}\n`
}

function evidence(decision: Decision): Readonly<Record<string, unknown>> {
  switch (decision.verdict) {
    case 'holds': {
      const { witness, note } = decision
      return { witness: witness?.map(({ id }) => id) ?? null, ...(note === undefined ? {} : { note }) }
    }
    case 'violated': {
      const { sentence, failing, prefix, core, isMinimal, since, longest, states } = decision
      return {
        sentence,
        failing: failing && record(failing),
        ...(prefix === undefined ? {} : { prefix }),
        core: core.map(record),
        ...(isMinimal === undefined ? {} : { minimal: isMinimal }),
        ...(since === undefined ? {} : { since }),
        ...(longest === undefined ? {} : { longest: longest.map(({ id }) => id) }),
        ...(states === undefined ? {} : { states }),
      }
    }
    case 'unknown':
      return { limit: decision.limit, reached: decision.reached }
    case 'inapplicable':
      return { reason: decision.reason }
  }
}

function record({ id, process, key, f, input, output, completion, call, return: end, callTime, returnTime }: Operation): object {
  return {
    id,
    process,
    ...(key === undefined ? {} : { key }),
    f,
    input,
    ...(output === undefined ? {} : { output }),
    completion,
    call,
    return: Number.isFinite(end) ? end : null,
    ...(callTime === undefined ? {} : { callTime }),
    ...(returnTime === undefined ? {} : { returnTime }),
  }
}
