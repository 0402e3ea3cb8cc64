/** Random statements of `then`. They store numbers modulo `c.m`, so that spaces stay finite. */
import fc from 'fast-check'
import { type Code, code, index, oneOf, type SlotName, small, text } from './random-code.ts'

/** Statements, and what keeps the space finite where they make a slot grow: a condition for `when`, or one for `boundary`. */
export interface Statement {
  readonly text: string
  readonly guard: string
  readonly boundary: string
}

export function statements(slots: readonly SlotName[], expression: Code, condition: Code, element: Code): fc.Arbitrary<Statement> {
  const has = (name: SlotName): boolean => slots.includes(name)
  const across = copies(has, expression)
  const within = slots.map((name) => oneOf(...slotWrites(name, expression, element)))
  return conditional(oneOf(...within, ...(across.length > 0 ? [oneOf(...across)] : [])), condition)
}

function slotWrites(name: SlotName, e: Code, element: Code): fc.Arbitrary<Statement>[] {
  const v = small(e)
  const list = oneOf(code`[${v}, ${v}]`, code`[${v}]`, text('[]'))
  const pair = code`[${v}, ${v}]`
  const rec = oneOf(code`{ a: ${v}, b: { c: ${v}, d: ${pair} } }`, code`{ b: { d: ${pair}, c: ${v} }, a: ${v} }`)
  const at = (count: number): Code => index(count, e)
  switch (name) {
    case 'n':
      return does(code`s.n = ${v}`, 's.n = (s.n + 1) % c.m', 's.n = 0')
    case 'mode':
      return does(code`s.mode = (${e}) > 0 ? 'a' : null`, "s.mode = 'bb'")
    case 'rec':
      return does(
        code`s.rec.a = ${v}`,
        code`s.rec.b.c = ${v}`,
        code`s.rec.b.d[${at(2)}] = ${v}`,
        's.rec.a = (s.rec.a + 1) % c.m',
        's.rec.b.d.reverse()',
        code`s.rec = ${rec}`,
        code`s.rec.b = { d: ${pair}, c: ${v} }`,
        code`s.rec = { ...s.rec, a: ${v} }`,
        code`s.rec.b.d = ${pair}`,
        code`{ const b = s.rec.b; b.c = ${v}; b.d[${at(2)}] = b.c }`,
        code`{ const b = s.rec.b; s.rec.b = { c: ${v}, d: [0, 1] }; b.c = ${v} }`,
        code`s.rec.b = { ...s.rec.b, c: ${v} }`,
        code`s.rec.b.d.fill(${v})`,
        code`s.rec.b.d.splice(0, 1, ${v})`,
        code`for (const key of Object.keys(s.rec.b)) if (key === 'c') s.rec.b[key] = ${v}`,
        's.rec.b.d.sort()',
        's.rec.b.d.unshift(s.rec.b.d.pop())',
        '[s.rec.b.d[0], s.rec.b.d[1]] = [s.rec.b.d[1], s.rec.b.d[0]]',
        's.rec.b.d.forEach((v, i) => { s.rec.b.d[i] = (v + i) % c.m })',
      )
    case 'list':
      return does(
        code`s.list = ${list}`,
        code`if (s.list.length < 2) s.list.push(${v})`,
        's.list.pop()',
        's.list.length = 0',
        's.list.sort()',
        's.list.shift()',
        's.list.splice(0, 1)',
        's.list = [...s.list].reverse()',
        code`s.list = s.list.filter((v) => v !== ${e})`,
      )
    case 'rows':
      return does(
        code`s.rows[${at(2)}].v = ${v}`,
        code`s.rows[${at(2)}] = { v: ${v} }`,
        code`for (const row of s.rows) row.v = ${v}`,
        code`{ const row = s.rows.find((other) => other.v === ${e}); if (row) row.v = ${v} }`,
        code`{ const row = { v: ${v} }; s.rows = [row, row] }`,
        code`s.rows[0] = s.rows[1]; s.rows[${at(2)}].v = ${v}`,
        code`s.rows.splice(0, 1, { v: ${v} })`,
        code`s.rows.at(-1).v = ${v}`,
        's.rows.forEach((row, i) => { row.v = (row.v + i) % c.m })',
        's.rows.push(s.rows.shift())',
        's.rows.reverse()',
        's.rows.sort((p, q) => p.v - q.v)',
        '[s.rows[0], s.rows[1]] = [s.rows[1], s.rows[0]]',
        's.rows = s.rows.map((row) => ({ v: (row.v + 1) % c.m }))',
        's.rows[$e % 2].v = (s.rows[$e % 2].v + 1) % c.m',
      )
    case 'map':
      return does(
        code`s.map.x = ${v}`,
        code`s.map.y = ${v}`,
        code`delete s.map.x; s.map.x = ${v}`,
        code`s.map[$e % 2 ? 'x' : 'y'] = ${v}`,
        code`s.map = { ...s.map, y: ${v} }`,
        code`s.map.z = { n: ${v} }`,
        code`if (s.map.z) s.map.z.n = ${v}`,
        code`s.map.x ??= ${v}`,
        'delete s.map.x',
        'delete s.map.z',
        's.map = {}',
        'Object.assign(s.map, { y: 1 })',
        'for (const key of Object.keys(s.map)) delete s.map[key]',
        'if (s.map.z) s.map.z.n = (s.map.z.n + 1) % c.m',
      )
    case 'any':
      return does(code`s.any = ${element}`, code`s.any = [${v}, null]`, code`if (isRecord(s.any)) s.any.c = ${v}`, 's.any = { c: 1 }')
    case 'num':
      return does(
        code`s.num[${at(3)}] = ${v}`,
        code`s.num[${at(3)}] = s.num[${at(3)}]`,
        '[s.num[0], s.num[1]] = [s.num[1], s.num[0]]',
        's.num[$e % 3] = (s.num[$e % 3] + 1) % c.m',
        's.num.forEach((_, i) => { s.num[i] = 0 })',
      )
    case 'node':
      return does(
        code`s.node[${at(2)}].a = ${v}`,
        code`s.node[${at(2)}].b.d[${at(2)}] = ${v}`,
        code`s.node[${at(2)}] = ${rec}`,
        code`Object.assign(s.node[${at(2)}], { a: ${v} })`,
        code`s.node[${at(2)}] = s.node[${at(2)}]`,
        code`s.node[${at(2)}].b = s.node[${at(2)}].b`,
        '[s.node[0], s.node[1]] = [s.node[1], s.node[0]]',
        code`{ const me = s.node[${at(2)}]; me.a = ${v}; me.b.c = (me.a + me.b.c) % c.m }`,
        code`s.node[${at(2)}] = { ...s.node[${at(2)}], a: ${v} }`,
        code`s.node[${at(2)}].b.d = s.node[${at(2)}].b.d`,
        code`s.node.forEach((node) => { node.a = ${v} })`,
        code`for (const node of s.node) node.b.d[${at(2)}] = ${v}`,
      )
    case 'bag':
      return [
        ...grows('s.bag.size < 3', code`s.bag.add(${element})`),
        ...does(
          bursts(element, (a, b) => `s.bag.add(${a}); s.bag.add(${b}); s.bag.remove(${a})`),
          removal('bag', fc.constant(''), element),
          'for (const m of s.bag) s.bag.remove(m)',
        ),
      ]
    case 'bags':
      return [...grows('s.bags.every((b) => b.size < 2)', code`s.bags[${at(2)}].add(${element})`), ...does(removal('bags', at(2), element))]
    case 'queue':
      return [
        ...grows('s.queue.length < 3', code`s.queue.push(${element})`),
        ...does(
          bursts(element, (a, b) => `s.queue.push(${a}); s.queue.push(${b}); s.queue.shift(); s.queue.shift()`),
          'if (s.queue.length > 0) s.queue.shift()',
          'if (s.queue.first !== undefined) { s.queue.push(s.queue.first); s.queue.shift() }',
        ),
      ]
    case 'queues':
      return [
        ...grows('s.queues.every((q) => q.length < 2)', code`s.queues[${at(2)}].push(${element})`),
        ...does('if (s.queues[$e % 2].length > 0) s.queues[$e % 2].shift()'),
      ]
    case 'set':
      return [
        ...grows('s.set.size < 3', code`s.set.add(${element})`),
        ...does(
          code`s.set.delete(${element})`,
          bursts(element, (a, b) => `s.set.add(${a}); s.set.delete(${b})`),
        ),
      ]
    case 'sets':
      return [
        ...grows('s.sets.every((t) => t.size < 2)', code`s.sets[${at(2)}].add(${element})`),
        ...does(code`s.sets[${at(2)}].delete(${element})`),
      ]
    case 'net':
      return grows(
        's.sent < 2',
        code`s.sent += 1; s.net.send(${at(2)}, 1 - ${at(2)}, ${element})`,
        code`s.sent += 1; s.net.broadcast(${at(2)}, ${element})`,
      )
  }
}

/** Values that travel between slots, as drafts or as members of accumulators. */
function copies(has: (name: SlotName) => boolean, e: Code): fc.Arbitrary<Statement>[] {
  const at = index(2, e)
  return [
    ...(has('rec') && has('node')
      ? does(code`s.node[${at}] = s.rec`, code`s.rec.b = s.node[${at}].b`, code`s.node[${at}].b = s.rec.b`)
      : []),
    ...(has('rec') && has('any') ? does('s.any = s.rec.b', 's.any = [s.rec.b, s.rec.a]', 's.any = { ...s.rec.b }') : []),
    ...(has('list') && has('rec') ? does('s.list = s.rec.b.d', 's.list = [...s.rec.b.d]') : []),
    ...(has('any') && has('queue') ? does('s.any = s.queue.first ?? null') : []),
    ...(has('any') && has('rows') ? does('s.any = s.rows.find((row) => row.v > 0) ?? null') : []),
    ...(has('queue') && has('bag')
      ? grows('s.bag.size < 3', text('if (s.queue.length > 0) { s.bag.add(s.queue.first); s.queue.shift() }'))
      : []),
    ...(has('bag') && has('set') ? grows('s.set.size < 3', text('for (const m of s.bag) s.set.add(m)')) : []),
  ]
}

function conditional(simple: fc.Arbitrary<Statement>, condition: Code): fc.Arbitrary<Statement> {
  const branches = fc.tuple(condition, simple, simple).map(([test, yes, no]) => ({
    text: `if (${test}) { ${yes.text} } else { ${no.text} }`,
    guard: both(yes.guard, no.guard),
    boundary: both(yes.boundary, no.boundary),
  }))
  return fc.oneof({ weight: 4, arbitrary: simple }, { weight: 1, arbitrary: branches })
}

function does(...choices: (Code | string)[]): fc.Arbitrary<Statement>[] {
  return choices.map((choice) => {
    const statement = typeof choice === 'string' ? fc.constant(choice) : choice
    return statement.map((source) => ({ text: source, guard: '', boundary: '' }))
  })
}

/** Statements that make a slot grow, kept finite where there is room: in the statement itself, in the guard, or by the boundary. */
function grows(room: string, ...statements: Code[]): fc.Arbitrary<Statement>[] {
  return statements.flatMap((statement) => [
    statement.map((source) => ({ text: `if (${room}) { ${source} }`, guard: '', boundary: '' })),
    statement.map((source) => ({ text: source, guard: room, boundary: '' })),
    statement.map((source) => ({ text: source, guard: '', boundary: room })),
  ])
}

function bursts(element: Code, write: (a: string, b: string) => string): Code {
  return fc.tuple(element, element).map(([a, b]) => write(a, b))
}

/** Removal of an element that is there; now and then also of one that may not be there, which is an error. */
function removal(bag: string, at: Code, element: Code): Code {
  return fc.tuple(at, element, fc.integer({ min: 0, max: 15 })).map(([i, m, rare]) => {
    const slot = i === '' ? `s.${bag}` : `s.${bag}[${i}]`
    return rare === 15 ? `${slot}.remove(${m})` : `if (${slot}.has(${m})) ${slot}.remove(${m})`
  })
}

/** Two conditions, either of which may be missing. */
export function both(a: string, b: string): string {
  return a === '' || b === '' || a === b ? a || b : `${a} && ${b}`
}
