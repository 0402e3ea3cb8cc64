/** Requests to one etcd server over its JSON gateway: one request a call, and nothing is tried again. */

/** An error that the server has returned. */
export class EtcdError extends Error {
  override readonly name = 'EtcdError'
  /** The number of the gRPC status. */
  readonly code: number

  constructor(message: string, code: number) {
    super(message)
    this.code = code
  }
}

export interface Entry {
  readonly value: string
  /** The revision of the whole store at which the key was created: no other creation has the same. */
  readonly createRevision: number
}

export interface Status {
  readonly member: string
  /** The leader that the member knows of; null if there is none. */
  readonly leader: string | null
  /** The index of the last entry of the log that the member has applied. */
  readonly applied: number
  readonly version: string
}

export class EtcdClient {
  readonly url: string

  /** @param url such as `http://127.0.0.1:2379` */
  constructor(url: string) {
    this.url = url.replace(/\/+$/, '')
  }

  async status(): Promise<Status> {
    const { header, leader, raftAppliedIndex, version } = await this.#call<RawStatus>('maintenance/status', {})
    return {
      member: header.member_id,
      leader: (leader ?? '0') === '0' ? null : (leader as string),
      applied: Number(raftAppliedIndex),
      version,
    }
  }

  /** Hands the leadership of this member over. */
  async transferLeadership(member: string): Promise<void> {
    await this.#call('maintenance/transfer-leadership', { targetID: member })
  }

  async put(key: string, value: string, signal?: AbortSignal): Promise<void> {
    await this.#call('kv/put', { key: base64(key), value: base64(value) }, signal)
  }

  /** A serializable read is answered by the member itself, from what it has applied. */
  async get(key: string, options: { readonly serializable?: boolean; readonly signal?: AbortSignal } = {}): Promise<Entry | null> {
    const { serializable = false, signal } = options
    const { kvs = [] } = await this.#call<RawRange>('kv/range', { key: base64(key), serializable }, signal)
    const [found] = kvs
    return found === undefined ? null : { value: text(found.value ?? ''), createRevision: Number(found.create_revision) }
  }

  /** Of what the member has applied. */
  async revision(): Promise<number> {
    const { header } = await this.#call<RawRange>('kv/range', { key: base64('\0'), serializable: true })
    return Number(header.revision)
  }

  /** Puts a key if another one was created at this revision; 0 if it must not be there. Returns the revision of the put; null if it was not so. */
  async putIf(
    compared: { readonly key: string; readonly createRevision: number },
    put: { readonly key: string; readonly value: string; readonly lease?: string },
  ): Promise<number | null> {
    const { succeeded = false, header } = await this.#call<RawTransaction>('kv/txn', {
      compare: [{ key: base64(compared.key), target: 'CREATE', result: 'EQUAL', create_revision: String(compared.createRevision) }],
      success: [{ requestPut: { key: base64(put.key), value: base64(put.value), ...(put.lease !== undefined && { lease: put.lease }) } }],
    })
    return succeeded ? Number(header.revision) : null
  }

  /** Removes all keys that begin so. */
  async removePrefix(prefix: string): Promise<void> {
    const end = `${prefix.slice(0, -1)}${String.fromCharCode(prefix.charCodeAt(prefix.length - 1) + 1)}`
    await this.#call('kv/deleterange', { key: base64(prefix), range_end: base64(end) })
  }

  /** @returns the lease */
  async grantLease(seconds: number): Promise<string> {
    return (await this.#call<{ readonly ID: string }>('lease/grant', { TTL: String(seconds) })).ID
  }

  /** What expiry does, at a moment of our choice: the keys that are bound to it are removed. */
  async revokeLease(lease: string): Promise<void> {
    await this.#call('lease/revoke', { ID: lease })
  }

  /** Those that are there. */
  async leases(): Promise<readonly string[]> {
    const { leases = [] } = await this.#call<{ readonly leases?: readonly { readonly ID: string }[] }>('lease/leases', {})
    return leases.map(({ ID }) => ID)
  }

  async #call<T>(path: string, body: object, signal?: AbortSignal): Promise<T> {
    const response = await fetch(`${this.url}/v3/${path}`, {
      method: 'POST',
      body: JSON.stringify(body),
      signal: signal ?? AbortSignal.timeout(answeredWithinMs),
    })
    const answer = (await response.json()) as T & { readonly error?: string; readonly code?: number }
    if (answer.error !== undefined) throw new EtcdError(answer.error, answer.code ?? response.status)
    return answer
  }
}

/** Of what the run asks for itself. */
const answeredWithinMs = 10_000

interface Header {
  readonly member_id: string
  readonly revision: string
}

interface RawStatus {
  readonly header: Header
  readonly leader?: string
  readonly raftAppliedIndex?: string
  readonly version: string
}

interface RawRange {
  readonly header: Header
  readonly kvs?: readonly { readonly value?: string; readonly create_revision: string }[]
}

interface RawTransaction {
  readonly header: Header
  readonly succeeded?: boolean
}

function base64(value: string): string {
  return Buffer.from(value).toString('base64')
}

function text(value: string): string {
  return Buffer.from(value, 'base64').toString()
}
