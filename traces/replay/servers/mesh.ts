/** The links between the nodes of a cluster, as proxies: what goes from one node to another passes, is held, or the two are cut off. */
import { type Direction, Link, type LinkMode } from './link.ts'

export class Mesh {
  /** By who connects and who is connected to: a proxy for each port that nodes connect to each other on. */
  readonly #links: readonly (readonly (readonly Link[])[])[]
  /** The ports to connect to, in the same order. */
  readonly #ports: readonly (readonly (readonly number[])[])[]
  readonly #cut = new Set<string>()

  private constructor(links: readonly (readonly (readonly Link[])[])[], ports: readonly (readonly (readonly number[])[])[]) {
    this.#links = links
    this.#ports = ports
  }

  /** @param targets the ports that each node listens on for the others */
  static async between(targets: readonly (readonly number[])[]): Promise<Mesh> {
    const links = targets.map(() => targets.map((ports) => ports.map((port) => new Link(port))))
    const ports = await Promise.all(links.map((row) => Promise.all(row.map((pair) => Promise.all(pair.map((link) => link.listen()))))))
    return new Mesh(links, ports)
  }

  /** The same links, where the nodes are numbered otherwise: `order` has for each new number the old one. */
  renumbered(order: readonly number[]): Mesh {
    const of = <T>(table: readonly (readonly (readonly T[])[])[]): readonly (readonly (readonly T[])[])[] =>
      order.map((from) => order.map((to) => table[from]?.[to] ?? []))
    return new Mesh(of(this.#links), of(this.#ports))
  }

  /** Where one node has to connect to instead of the `at`-th port of another. */
  port(from: number, to: number, at = 0): number {
    return this.#ports[from]?.[to]?.[at] ?? 0
  }

  /** What goes from one node to another; whoever of the two has connected to the other. Two that were cut off can connect again. */
  set(from: number, to: number, mode: LinkMode): void {
    if (this.isCut(from, to)) {
      for (const pair of [`${from} ${to}`, `${to} ${from}`]) this.#cut.delete(pair)
      for (const [link] of this.#between(from, to)) link.mend()
    }
    for (const [link, direction] of this.#between(from, to)) link.set(direction, mode)
  }

  /** How many bytes have come from one node towards another, whether they went through or are held. */
  carried(from: number, to: number): number {
    return this.#between(from, to).reduce((sum, [link, direction]) => sum + link.passed[direction] + link.held[direction], 0)
  }

  /** Resets the connections between two nodes, and refuses new ones. */
  cut(a: number, b: number): void {
    this.#cut.add(`${a} ${b}`).add(`${b} ${a}`)
    for (const [link] of this.#between(a, b)) link.cut()
  }

  isCut(a: number, b: number): boolean {
    return this.#cut.has(`${a} ${b}`)
  }

  /** Every link passes again. */
  mend(): void {
    this.#cut.clear()
    for (const link of this.#links.flat(2)) {
      link.mend()
      for (const direction of ['there', 'back'] as const) link.set(direction, 'pass')
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.#links.flat(2).map((link) => link.close()))
  }

  #between(from: number, to: number): readonly (readonly [Link, Direction])[] {
    const there = (this.#links[from]?.[to] ?? []).map((link) => [link, 'there'] as const)
    const back = (this.#links[to]?.[from] ?? []).map((link) => [link, 'back'] as const)
    return [...there, ...back]
  }
}
