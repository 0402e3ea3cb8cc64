/** A private cluster of etcd servers, with a link of our own between any two of them. */
import { setTimeout as sleep } from 'node:timers/promises'
import { Mesh } from '../servers/mesh.ts'
import { findProgram } from '../servers/programs.ts'
import { type Server, ServerError, type Workplace } from '../servers/workplace.ts'
import { EtcdClient, type Status } from './etcd-client.ts'
import { SocksFront } from './socks-front.ts'

export const etcdRemedy = "install Debian's package etcd-server"

export function etcdProgram(): string | null {
  return findProgram('etcd')
}

export class EtcdCluster {
  readonly version: string
  readonly clients: readonly EtcdClient[]
  readonly servers: readonly Server[]
  readonly mesh: Mesh
  readonly #fronts: readonly SocksFront[]
  readonly #members: readonly string[]

  private constructor(
    started: Pick<EtcdCluster, 'clients' | 'servers' | 'mesh'>,
    fronts: readonly SocksFront[],
    statuses: readonly Status[],
  ) {
    this.clients = started.clients
    this.servers = started.servers
    this.mesh = started.mesh
    this.#fronts = fronts
    this.#members = statuses.map(({ member }) => member)
    this.version = statuses[0]?.version ?? ''
  }

  /** @throws ServerError */
  static async start(place: Workplace, program: string, count: number): Promise<EtcdCluster> {
    const all = Array.from({ length: count }, (_, i) => i)
    const ports = async (): Promise<readonly number[]> => Promise.all(all.map(() => place.freePort()))
    const [peerPorts, clientPorts] = [await ports(), await ports()]
    const mesh = await Mesh.between(peerPorts.map((port) => [port]))
    const fronts = all.map((i) => new SocksFront((port) => mesh.port(i, peerPorts.indexOf(port))))
    const frontPorts = await Promise.all(fronts.map((front) => front.listen()))
    // Go asks no proxy for loopback addresses; this one, of the same machine, it does.
    const peer = (i: number): string => `http://0.0.0.0:${peerPorts[i]}`
    const clients = clientPorts.map((port) => new EtcdClient(`http://127.0.0.1:${port}`))
    const servers = await Promise.all(
      all.map((i) => {
        const client = `http://127.0.0.1:${clientPorts[i]}`
        const settings = {
          name: `n${i}`,
          'data-dir': place.makeFolder(`etcd-${clientPorts[i]}`),
          'listen-client-urls': client,
          'advertise-client-urls': client,
          'listen-peer-urls': `http://127.0.0.1:${peerPorts[i]}`,
          'initial-advertise-peer-urls': peer(i),
          'initial-cluster': all.map((j) => `n${j}=${peer(j)}`).join(','),
          'initial-cluster-token': place.folder,
          'heartbeat-interval': '100',
          'election-timeout': '1000',
          logger: 'zap',
          'log-level': 'error',
        }
        const args = [...Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]), '--unsafe-no-fsync', '--pre-vote']
        return place.start({
          name: `etcd-${clientPorts[i]}`,
          command: program,
          args,
          env: { HTTP_PROXY: `socks5://127.0.0.1:${frontPorts[i]}`, http_proxy: '', NO_PROXY: '', no_proxy: '', GOMAXPROCS: '1' },
          isReady: async () => (await (clients[i] as EtcdClient).status()).leader !== null,
          readyWithinMs: startedWithinMs,
        })
      }),
    )
    const statuses = await Promise.all(clients.map((client) => client.status()))
    return new EtcdCluster({ clients, servers, mesh }, fronts, statuses)
  }

  /** Every link passes, the first server leads, and all have applied the same. */
  async ready(): Promise<void> {
    this.mesh.mend()
    for (const server of this.servers) server.resume()
    await this.elect(0)
    for (const i of this.clients.keys()) await this.catchUp(i)
  }

  /**
   * Waits until those that a server is connected to have a leader among them, and lets it hand over to that server.
   * @throws ServerError
   */
  async elect(server: number): Promise<void> {
    const connected = [...this.clients.keys()].filter((i) => !this.mesh.isCut(server, i))
    await until(`server ${server} leads`, async () => {
      const statuses = await Promise.all(connected.map((i) => this.#client(i).status()))
      const leaders = new Set(statuses.map(({ leader }) => leader))
      const [leader] = leaders
      if (leaders.size > 1 || leader === null || leader === undefined) return false
      const at = this.#members.indexOf(leader)
      if (!connected.includes(at)) return false
      if (at === server) return true
      await this.#client(at).transferLeadership(this.#members[server] ?? '')
      return false
    })
    await this.#followed(server, connected)
  }

  /** Waits until a server follows its leader again: it has applied what the others have, and its leader answers it. */
  async rejoin(server: number): Promise<void> {
    await this.catchUp(server)
    await until(`the leader answers server ${server}`, async () => {
      await this.#client(server).get(marker, { signal: AbortSignal.timeout(1000) })
      return true
    })
  }

  /** Waits until a server has applied as much as any that it is connected to. */
  async catchUp(server: number): Promise<void> {
    const connected = [...this.clients.keys()].filter((i) => !this.mesh.isCut(server, i))
    const revisions = await Promise.all(connected.map((i) => this.#client(i).revision()))
    const newest = Math.max(...revisions)
    await until(`server ${server} has applied what the others have`, async () => (await this.#client(server).revision()) >= newest)
  }

  async close(): Promise<void> {
    await Promise.all([this.mesh.close(), ...this.#fronts.map((front) => front.close())])
  }

  /**
   * Until its first message to a follower is acknowledged, a new leader sends it nothing more. A follower that has applied a write that
   * began after it had applied all before has acknowledged that.
   */
  async #followed(leader: number, connected: readonly number[]): Promise<void> {
    const applied = async (i: number): Promise<number> => (await this.#client(i).status()).applied
    await until(`server ${leader} can write`, async () => {
      await this.#client(leader).put(marker, 'leads', AbortSignal.timeout(1000))
      return true
    })
    for (const value of ['is followed', 'is acknowledged']) {
      const before = await applied(leader)
      await until(`those that are connected follow server ${leader}`, async () =>
        (await Promise.all(connected.map(applied))).every((index) => index >= before),
      )
      await this.#client(leader).put(marker, value)
    }
    for (const i of connected) await this.catchUp(i)
  }

  #client(i: number): EtcdClient {
    return this.clients[i] as EtcdClient
  }
}

/** A key of ours. */
const marker = 'counterpoint'

/** Elections may be repeated where votes are split. */
const startedWithinMs = 60_000

async function until(what: string, isSo: () => Promise<boolean>): Promise<void> {
  const end = performance.now() + startedWithinMs
  while (!(await isSo().catch(() => false))) {
    if (performance.now() > end) throw new ServerError(`after ${startedWithinMs / 1000} s it is still not so that ${what}`)
    await sleep(5)
  }
}
