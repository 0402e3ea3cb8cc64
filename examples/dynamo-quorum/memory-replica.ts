/** One of the servers, in memory. Against a real one, `read` and `keep` are a request each. */
import type { QuorumReplica, QuorumVersion } from 'counterpoint/traces'

export class MemoryReplica implements QuorumReplica {
  isUp = true
  #version: QuorumVersion | null = null

  isReachable(): boolean {
    return this.isUp
  }

  async read(): Promise<QuorumVersion | null> {
    return this.#version
  }

  async keep(version: QuorumVersion): Promise<void> {
    if (this.#version === null || version.time > this.#version.time) this.#version = version
  }
}
