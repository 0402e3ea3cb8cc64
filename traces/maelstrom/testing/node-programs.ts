/** Programs under test, written for one test each. */
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const library = fileURLToPath(new URL('../../../examples/maelstrom/node.mjs', import.meta.url))

/** The path of an example. */
export function example(name: string): string {
  return fileURLToPath(new URL(`../../../examples/maelstrom/${name}`, import.meta.url))
}

export class Programs {
  readonly folder: string = mkdtempSync(join(tmpdir(), 'counterpoint-nodes-'))
  #count = 0

  /** A program of Node, where `node` is one of the library of the examples, and runs behind what is given. */
  node(source: string): string {
    return this.file('.mjs', `import { Node } from ${JSON.stringify(library)}\nconst node = new Node()\n${source}\nnode.run()\n`)
  }

  /** A file that can be executed. */
  file(extension: string, text: string): string {
    const path = join(this.folder, `program-${++this.#count}${extension}`)
    writeFileSync(path, text)
    chmodSync(path, 0o755)
    return path
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true })
  }
}
