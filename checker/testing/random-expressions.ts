/** Random expressions over the slots. Each is a whole number of at least 0, whatever it reads. */
import fc from 'fast-check'
import { type Code, code, elements, index, oneOf, type SlotName, text } from './random-code.ts'

export function expressions(slots: readonly SlotName[]): Code {
  const { expression } = fc.letrec<{ expression: string }>((tie) => {
    const reads = slots.map((name) => oneOf(...slotReads(name, tie('expression'))))
    const constants = text('0', '1', '2', '$e', '$x', 'c.m')
    const leaf = fc.oneof({ weight: 1, arbitrary: constants }, ...reads.map((arbitrary) => ({ weight: 2, arbitrary })))
    const shallow = { maxDepth: 2, withCrossShrink: true }
    return { expression: fc.oneof(shallow, { weight: 3, arbitrary: leaf }, { weight: 1, arbitrary: operation(tie('expression')) }) }
  })
  return expression
}

function operation(e: Code): Code {
  return oneOf(
    code`(${e} + ${e})`,
    code`(${e} === ${e} ? 1 : 0)`,
    code`(${e} < ${e} ? 1 : 0)`,
    code`(${e} ? ${e} : ${e})`,
    code`(${e} && ${e})`,
    code`(${e} || ${e})`,
  )
}

function slotReads(name: SlotName, e: Code): Code[] {
  const element = elements(e, false)
  switch (name) {
    case 'n':
      return [text('s.n')]
    case 'mode':
      return [text('num(s.mode)', '(s.mode === null ? 1 : 0)')]
    case 'rec':
      return [
        text(
          's.rec.a',
          's.rec.b.c',
          'num(s.rec)',
          'num(s.rec.b)',
          'JSON.stringify(s.rec).length',
          'num({ ...s.rec.b })',
          's.rec.b.d.length',
          's.rec.b.d.filter((v) => v > 0).length',
        ),
        code`s.rec.b.d[${index(2, e)}]`,
      ]
    case 'list':
      return [
        text('s.list.length', '(s.list[0] ?? 0)', 's.list.reduce((t, v) => t + v, 0)', '(s.list.at(-1) ?? 0)'),
        code`(s.list.includes(${e}) ? 1 : 0)`,
      ]
    case 'rows':
      return [code`s.rows[${index(2, e)}].v`, code`s.rows.filter((row) => row.v === ${e}).length`, text('s.rows.map((row) => row.v)[1]')]
    case 'map':
      return [
        text(
          'Object.keys(s.map).length',
          'num(s.map.x)',
          "('y' in s.map ? 1 : 0)",
          "(Object.hasOwn(s.map, 'x') ? 1 : 0)",
          'num({ ...s.map })',
          '(s.map.z?.n ?? 0)',
          'JSON.stringify(s.map).length',
        ),
      ]
    case 'any':
      return [text('num(s.any)', '(Array.isArray(s.any) ? 1 : 0)', '(s.any === null ? 1 : 0)', 'num(s.any?.c)')]
    case 'num':
      return [
        code`s.num[${index(3, e)}]`,
        text('s.num.reduce((t, v) => t + v, 0)', '(s.num.every((v) => v > 0) ? 1 : 0)', 's.num.length'),
        code`s.num.filter((v) => v === ${e}).length`,
        code`(s.num.indexOf(${e}) + 1)`,
      ]
    case 'node':
      return [
        code`s.node[${index(2, e)}].a`,
        code`s.node[${index(2, e)}].b.c`,
        code`num(s.node[${index(2, e)}].b)`,
        text('s.node.filter((node) => node.a > 0).length', '(s.node.some((node) => node.b.d[0] > 0) ? 1 : 0)', '[...s.node].length'),
      ]
    case 'bag':
      return [
        text('s.bag.size', '[...s.bag].length', 'num([...s.bag])'),
        code`s.bag.count(${element})`,
        code`(s.bag.has(${element}) ? 1 : 0)`,
      ]
    case 'bags':
      return [
        code`s.bags[${index(2, e)}].size`,
        code`s.bags[${index(2, e)}].count(${element})`,
        text('s.bags.filter((b) => b.size > 0).length'),
      ]
    case 'queue':
      return [text('s.queue.length', 'num(s.queue.first)', '[...s.queue.front].length', 'num([...s.queue])')]
    case 'queues':
      return [
        code`s.queues[${index(2, e)}].length`,
        code`num(s.queues[${index(2, e)}].first)`,
        text('s.queues.filter((q) => q.length > 0).length'),
      ]
    case 'set':
      return [text('s.set.size', 'num([...s.set])'), code`(s.set.has(${element}) ? 1 : 0)`]
    case 'sets':
      return [code`s.sets[${index(2, e)}].size`, code`(s.sets[${index(2, e)}].has(${element}) ? 1 : 0)`]
    case 'net':
      return [
        code`s.net.pending(${index(2, e)}).length`,
        code`num(s.net.pending(${index(2, e)}))`,
        text('(s.net.connected(0, 1) ? 1 : 0)', 's.sent'),
      ]
  }
}
