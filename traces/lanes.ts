/** The picture beside the text: one vertical line per party, and arrows that cross them. */
import { type Rich, type Span, type Style, span } from './text.ts'

export type ArrowKind = 'sent' | 'arrived' | 'lost'

export interface Arrow {
  readonly kind: ArrowKind
  readonly from: number
  readonly to: readonly number[]
}

export interface RowOptions {
  /** The node that acts in this row. */
  readonly acting?: number | null
  readonly arrow?: Arrow
  /** What a partition does in this row to the nodes that it cuts off. */
  readonly cut?: 'begins' | 'ends'
}

/** `c` and `0` of client 0; either may be empty. */
export interface LaneName {
  readonly role: string
  readonly number: string
}

/** Draws rows of equal width; remembers who is cut off by a partition. */
export class Lanes {
  readonly #nodes: readonly number[]
  readonly #gap: number
  #cutOff: ReadonlySet<number> = new Set()

  /** @param gap columns from one lane to the next, at least 2 */
  constructor(nodes: readonly number[], gap: number) {
    this.#nodes = nodes
    this.#gap = gap
  }

  get width(): number {
    return this.#nodes.length * this.#gap
  }

  has(node: number): boolean {
    return this.#nodes.includes(node)
  }

  /** Which nodes lines are doubled for, from the next row on. */
  cutOff(nodes: readonly number[]): void {
    this.#cutOff = new Set(nodes)
  }

  /** One line of names, or a line of roles and one of numbers where they need more room than there is between two lanes. */
  header(name: (node: number) => LaneName): Rich[] {
    const names = this.#nodes.map(name)
    const isRoomy = names.every(({ role, number }) => role === '' || role.length + number.length < this.#gap)
    const lines = isRoomy
      ? [names.map(({ role, number }) => role + number)]
      : [names.map(({ role, number }) => role || number), names.map(({ role, number }) => (role === '' ? '' : number))]
    return lines.map((line) => [span(line.map((text) => text.slice(0, this.#gap - 1).padEnd(this.#gap)).join(''), 'bold')])
  }

  row({ acting = null, arrow, cut }: RowOptions = {}): Rich {
    const cells = Array.from({ length: this.width }, (): Span => span(' '))
    for (const [i, node] of this.#nodes.entries()) cells[i * this.#gap] = span(this.#lane(node, cut), 'dim')
    if (arrow !== undefined) this.#draw(cells, arrow)
    if (acting !== null && this.has(acting)) cells[this.#column(acting)] = span('●', ['bold', 'cyan'])
    return joined(cells)
  }

  #lane(node: number, cut: RowOptions['cut']): string {
    if (!this.#cutOff.has(node)) return '│'
    return cut === 'begins' ? '╥' : cut === 'ends' ? '╨' : '║'
  }

  #draw(cells: Span[], { kind, from, to }: Arrow): void {
    const start = this.#column(from)
    const stops = to.filter((node) => this.has(node) && node !== from).map((node) => this.#column(node))
    if (start < 0 || stops.length === 0) return
    const [first, last] = [Math.min(start, ...stops), Math.max(start, ...stops)]
    const { line, style } = arrowStyle[kind]
    for (let at = first; at <= last; at++) {
      const node = at % this.#gap === 0 ? this.#nodes[at / this.#gap] : undefined
      if (at === start) cells[at] = span(corner(at > first, at < last, this.#cutOff.has(from)), style)
      else if (node === undefined) cells[at] = span(line, style)
      else if (!stops.includes(at)) cells[at] = span(this.#cutOff.has(node) ? '╫' : '┼', style)
    }
    for (const stop of stops) {
      const [before, head] = stop > start ? [stop - 1, kind === 'lost' ? '╳' : '►'] : [stop + 1, kind === 'lost' ? '╳' : '◄']
      cells[before] = span(head, kind === 'lost' ? 'red' : style)
    }
  }

  #column(node: number): number {
    return this.#nodes.indexOf(node) * this.#gap
  }
}

const arrowStyle: Readonly<Record<ArrowKind, { readonly line: string; readonly style: Style }>> = {
  sent: { line: '╌', style: 'cyan' },
  arrived: { line: '─', style: ['bold', 'cyan'] },
  lost: { line: '╌', style: 'red' },
}

function corner(left: boolean, right: boolean, doubled: boolean): string {
  if (left && right) return doubled ? '╫' : '┼'
  return left ? (doubled ? '╢' : '┤') : doubled ? '╟' : '├'
}

/** Neighbours of one style become one span. */
function joined(cells: readonly Span[]): Rich {
  const spans: Span[] = []
  for (const cell of cells) {
    const last = spans.at(-1)
    if (last !== undefined && last.style === cell.style) spans[spans.length - 1] = span(last.text + cell.text, last.style)
    else spans.push(cell)
  }
  return spans
}
