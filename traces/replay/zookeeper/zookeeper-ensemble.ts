/** A private ensemble of ZooKeeper servers, with links of our own between any two of them. Whoever is elected is server 0. */
import { readdirSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Mesh } from '../servers/mesh.ts'
import { findProgram } from '../servers/programs.ts'
import { ServerError, type Workplace } from '../servers/workplace.ts'
import { ZookeeperConnection } from './zookeeper-connection.ts'

export interface ZookeeperPrograms {
  readonly java: string
  /** The jar files, as Java takes them. */
  readonly classPath: string
}

export const zookeeperRemedy = "install Debian's packages zookeeper and default-jre-headless"

/** Null where Java or ZooKeeper is not installed. */
export function zookeeperPrograms(): ZookeeperPrograms | null {
  const java = findProgram('java')
  const jars = jarsIn('/usr/share/java')
  return java === null || !jars.some((jar) => jar.endsWith('/zookeeper.jar')) ? null : { java, classPath: jars.join(':') }
}

export class ZookeeperEnsemble {
  readonly version: string
  readonly mesh: Mesh
  readonly ports: readonly number[]

  private constructor(mesh: Mesh, ports: readonly number[], version: string) {
    this.mesh = mesh
    this.ports = ports
    this.version = version
  }

  /** @throws ServerError */
  static async start(place: Workplace, programs: ZookeeperPrograms, count: number): Promise<ZookeeperEnsemble> {
    const all = Array.from({ length: count }, (_, i) => i)
    const ports = async (): Promise<readonly number[]> => Promise.all(all.map(() => place.freePort()))
    const [clients, quorum, election] = [await ports(), await ports(), await ports()]
    const mesh = await Mesh.between(all.map((i) => [quorum[i] ?? 0, election[i] ?? 0]))
    const start = async (i: number): Promise<void> => {
      const folder = place.makeFolder(`zookeeper-${clients[i]}`)
      const servers = all.map((j) => {
        const [leads, elects] = i === j ? [quorum[i], election[i]] : [mesh.port(i, j, 0), mesh.port(i, j, 1)]
        return `server.${j + 1}=127.0.0.1:${leads}:${elects}`
      })
      writeFileSync(join(folder, 'myid'), String(i + 1))
      writeFileSync(join(folder, 'zoo.cfg'), [...settings(folder, clients[i] ?? 0), ...servers, ''].join('\n'))
      const main = 'org.apache.zookeeper.server.quorum.QuorumPeerMain'
      await place.start({
        name: `zookeeper-${clients[i]}`,
        command: programs.java,
        args: [...javaSettings, '-cp', programs.classPath, main, join(folder, 'zoo.cfg')],
        folder,
        isReady: async () => (await serverAt(clients[i] ?? 0)).mode !== null,
        readyWithinMs: startedWithinMs,
      })
    }
    await Promise.all(all.map(start))
    const states = await Promise.all(clients.map((port) => serverAt(port)))
    const leader = Math.max(
      0,
      states.findIndex(({ mode }) => mode === 'leader'),
    )
    const order = [leader, ...all.filter((i) => i !== leader)]
    const clientPorts = order.map((i) => clients[i] ?? 0)
    return new ZookeeperEnsemble(mesh.renumbered(order), clientPorts, states[0]?.version ?? '')
  }

  /** Every link passes, all serve clients, and have applied the same; server 0 leads. @throws ServerError */
  async ready(): Promise<void> {
    this.mesh.mend()
    await until('all servers serve clients', async () => {
      const isServing = (await this.#servers()).every(({ mode }) => mode !== null)
      // One that has just come back closes the first connections again.
      for (const port of isServing ? this.ports : []) await serve(port)
      return isServing
    })
    const [first] = await this.#servers()
    if (this.ports.length > 1 && first?.mode !== 'leader') throw new ServerError('another server than the first one leads by now')
    for (const i of this.ports.keys()) await this.catchUp(i)
  }

  /** Waits until a server has applied as much as any that it is connected to. */
  async catchUp(server: number): Promise<void> {
    const own = this.ports[server] ?? 0
    const connected = this.ports.filter((_, i) => !this.mesh.isCut(server, i))
    const newest = Math.max(...(await Promise.all(connected.map(async (port) => (await serverAt(port)).applied))))
    await until(`server ${server} has applied what the others have`, async () => (await serverAt(own)).applied >= newest)
  }

  async close(): Promise<void> {
    await this.mesh.close()
  }

  #servers(): Promise<readonly ServerState[]> {
    return Promise.all(this.ports.map((port) => serverAt(port)))
  }
}

export interface ServerState {
  /** Null while it serves nobody. */
  readonly mode: 'leader' | 'follower' | 'standalone' | null
  /** The last transaction that it has applied. */
  readonly applied: number
  readonly version: string
}

/** A session begins and ends. @throws ZookeeperError */
async function serve(port: number): Promise<void> {
  const connection = await ZookeeperConnection.open(port)
  try {
    await connection.sync('/')
    await connection.closeSession()
  } finally {
    connection.drop()
  }
}

/** What a server says of itself, by the command `srvr`. */
export async function serverAt(port: number): Promise<ServerState> {
  const said = await command(port, 'srvr')
  const mode = /^Mode: (leader|follower|standalone)$/m.exec(said)?.[1] ?? null
  return {
    mode: mode as ServerState['mode'],
    applied: transactions(Number(/^Zxid: (0x[0-9a-f]+)$/m.exec(said)?.[1] ?? 0)),
    version: /^Zookeeper version: ([0-9.]+)/m.exec(said)?.[1] ?? '',
  }
}

/** The first number of an epoch is of no transaction, and followers do not show it. */
function transactions(zxid: number): number {
  return zxid % 2 ** 32 === 0 ? 0 : zxid
}

function command(port: number, word: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1')
    let said = ''
    socket.on('data', (chunk) => {
      said += chunk.toString()
    })
    socket.on('end', () => resolve(said))
    socket.on('error', reject)
    socket.end(word)
  })
}

/** What is held must not be taken for a failure: followers are given up after 100 ticks. An election that fails is soon followed by the next. */
function settings(folder: string, port: number): readonly string[] {
  return [
    'tickTime=200',
    'initLimit=10',
    'syncLimit=100',
    `dataDir=${folder}`,
    `clientPort=${port}`,
    'clientPortAddress=127.0.0.1',
    'maxSessionTimeout=3600000',
    'maxClientCnxns=0',
    'standaloneEnabled=false',
    'reconfigEnabled=false',
    'preAllocSize=64',
  ]
}

const javaSettings: readonly string[] = [
  ...['-Xmx96m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-Djava.net.preferIPv4Stack=true'],
  '-Dzookeeper.4lw.commands.whitelist=srvr',
  '-Dzookeeper.admin.enableServer=false',
  '-Dzookeeper.forceSync=no',
  // A server that was cut off is back soon.
  '-Dzookeeper.fastleader.minNotificationInterval=100',
  '-Dzookeeper.fastleader.maxNotificationInterval=400',
  '-Dzookeeper.jmx.log4j.disable=true',
  '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn',
]

const startedWithinMs = 60_000

function jarsIn(folder: string): readonly string[] {
  const wanted =
    /^(zookeeper|zookeeper-jute|slf4j-api|slf4j-simple|netty-[a-z-]+|metrics-core|snappy-java|commons-(io|cli|lang)|jackson-[a-z]+|audience-annotations)\.jar$/
  try {
    return readdirSync(folder).flatMap((file) => (wanted.test(file) ? [join(folder, file)] : []))
  } catch {
    return []
  }
}

async function until(what: string, isSo: () => Promise<boolean>): Promise<void> {
  const end = performance.now() + startedWithinMs
  while (!(await isSo().catch(() => false))) {
    if (performance.now() > end) throw new ServerError(`after ${startedWithinMs / 1000} s it is still not so that ${what}`)
    await sleep(10)
  }
}
