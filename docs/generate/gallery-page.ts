/** docs/gallery.md: pictures of real runs, each with the commands that make it. */
import { quoted } from '../../cli/reproduce.ts'

/** Beside the page. */
export const galleryFolder = 'gallery'
/** Of all pictures, in pixels. */
export const width = 1200

export interface Picture {
  /** Of its file: `docs/gallery/NAME.png`. */
  readonly name: string
  readonly title: string
  /** What happens, and how one sees it. */
  readonly about: string
  /** What the picture shows, for who does not see it. */
  readonly alt: string
  /** What is run, without the program's name; the last one writes the report. */
  readonly commands: readonly (readonly string[])[]
  readonly report: string
  /** Where the report is opened. */
  readonly hash: string
  /** What the report says first. */
  readonly sentence: string
  /** The real system that it takes, as `replay --on` names it; null: none. */
  readonly target: string | null
  /** Pixels; as wide as all others. */
  readonly height: number
}

const skew = ['check', 'transactions', ...settings('control=snapshot-first-updater-wins', 'workload=write-skew', 'judge=serializable')]
const paused = ['check', 'chubby', '--bug', 'no-sequencer-check', ...settings('isHeld=false', 'deaths=0', 'prompt=false')]
const stale = [
  'check',
  'raft-clients',
  ...settings('reads=local', 'isElected=true', 'clients=2', 'writes=2', 'readsEach=2'),
  '--property',
  'linearizable',
]
const staleTrace = [...stale, '--out', 'stale-read.json']
const staleReplay = ['replay', 'stale-read.json', '--on', 'etcd']
const skewTrace = [...skew, '--out', 'write-skew.json']

export const pictures: readonly Picture[] = [
  {
    name: 'raft-figure-8',
    title: 'Figure 8 of Raft',
    about:
      'A leader that commits an entry of an earlier term by counting its copies, as section 5.4.2 of the paper warns: server 0 takes up its entry of term 1 again in term 3, ' +
      'sees it on two of three servers and commits it (step 21). But server 1 has an entry of term 2, and so wins the election of term 4 (step 24): ' +
      'the committed entry is not in its log.',
    alt: 'Three servers as lanes and 24 steps downwards, with the messages as arrows between them. The last step, in which server 1 becomes the leader of term 4, is highlighted and has a cross; beside it stands why: an entry that server 0 has committed is not in the log of server 1; below that, what the step changed and the state.',
    commands: [['check', 'raft', '--bug', 'commit-earlier-term', '--html', 'raft-figure-8.html']],
    report: 'raft-figure-8.html',
    hash: '#view=0&step=24',
    sentence: 'leaderCompleteness is violated: a committed entry is in the logs of the leaders of all later terms',
    target: null,
    height: 900,
  },
  {
    name: 'write-skew',
    title: 'A write skew on PostgreSQL',
    about:
      'Each of two transactions reads what the other one writes. The model says what snapshots allow; PostgreSQL, at the level repeatable read, does the same step by step, and ' +
      'both commit. The oracle, which sees only what the clients saw, finds that no serial order explains it.',
    alt: 'A table of eight steps: beside each what the model allows and what PostgreSQL answered, the same in every row. The heading says: reproduced, serializable violated, write skew.',
    commands: [skewTrace, ['replay', 'write-skew.json', '--on', 'postgres', '--level', 'repeatable read', '--html', 'write-skew.html']],
    report: 'write-skew.html',
    hash: '#view=0',
    sentence: 'reproduced: serializable violated: G2-item, write-skew',
    target: 'postgres',
    height: 560,
  },
  {
    name: 'write-skew-prevented',
    title: 'The same at the level serializable',
    about:
      'There, PostgreSQL refuses a step of the second transaction with an error of its own: the first difference is marked, and what would come after it is not taken.',
    alt: "The same table. In the row of the second transaction's first step that PostgreSQL refuses, highlighted, it says: first difference, error 40001, could not serialize access.",
    commands: [skewTrace, ['replay', 'write-skew.json', '--on', 'postgres', '--level', 'serializable', '--html', 'prevented.html']],
    report: 'prevented.html',
    hash: '#view=0',
    sentence: 'prevented: T2: write x := 2: error 40001',
    target: 'postgres',
    height: 640,
  },
  {
    name: 'etcd-stale-read',
    title: 'A stale read on etcd',
    about:
      'Three etcd servers, one of which is not told that a write is committed: a serializable read, which asks one server only, does not return what another client was told to be written. ' +
      'The steps are those of the model `raft-clients`, taken on real servers one after the other.',
    alt: 'A table of seven rows: server 2 is cut off, the write at server 0 waits for a majority and goes on once server 1 has acknowledged the entry, and then the read at server 1 returns nothing. The heading names the write that was overlooked.',
    commands: [staleTrace, [...staleReplay, '--html', 'etcd-stale-read.html']],
    report: 'etcd-stale-read.html',
    hash: '#view=0',
    sentence: 'reproduced: linearizable violated: the read by process client 1 returned null',
    target: 'etcd',
    height: 560,
  },
  {
    name: 'etcd-history',
    title: 'Its history, which is not linearizable',
    about:
      'What the two clients saw of the same run, and nothing else, in the format of Jepsen. The oracle finds the order that explains most of it, and the operation that has no place in it.',
    alt: 'Two bars on a time axis: the write of 1 by client 0, with a point of the order in it, and after it the read of null by client 1, outlined and with a cross: it cannot be placed. Beside it stand when it was called and when it returned.',
    commands: [
      staleTrace,
      [...staleReplay, '--out', 'history.edn'],
      ['verify', 'history.edn', '--model', 'register', '--level', 'linearizable', '--html', 'etcd-history.html'],
    ],
    report: 'etcd-history.html',
    hash: '#view=0',
    sentence: 'not linearizable',
    target: 'etcd',
    height: 540,
  },
  {
    name: 'dynamo-read',
    title: 'What was read is gone again, in Dynamo',
    about:
      'Quorums that overlap (N = 3, R = W = 2) are not enough: while a write is still on its way, one read meets a node that has it, and the next one, by the same client, two nodes that have not. ' +
      'The two messages of the write are dotted: they have not arrived. The writer is client 0, the reader client 1.',
    alt: 'Lanes of three nodes and two clients, and seven steps: a write of client 0 leaves node 0 in two dotted lines that reach nobody; client 1 asks for the key twice, and step 7, highlighted and with a cross, answers null, though the first answer was 1.',
    commands: [['check', 'dynamo', '--set', 'reads=2', '--html', 'dynamo-read.html']],
    report: 'dynamo-read.html',
    hash: '#view=0&step=7',
    sentence: 'linearizable is violated: the register is linearizable',
    target: null,
    height: 900,
  },
  {
    name: 'paused-lock-holder',
    title: 'A lock holder that pauses',
    about:
      'Client 1 gets the lock, sends a request (step 8) and then nothing more, so that its session ends (step 12). Client 0 gets the lock and acts (steps 13 to 16). Then the request of client 1 arrives at a resource that does not look at ' +
      'sequencers (step 17): it acts for generation 1 after generation 2. `replay --on redis-lock` takes the same trace, saved by `--out`, on Redis.',
    alt: 'Lanes of clients 0 and 1, of the master, of the resource and of the environment, whose ticks are diamonds, with 17 steps. A long arrow leads from client 1 in step 8 to the resource in the last one, highlighted and with a cross, in which it goes from generation 2 back to 1.',
    commands: [[...paused, '--html', 'paused-lock-holder.html']],
    report: 'paused-lock-holder.html',
    hash: '#view=0&step=17',
    sentence: 'ordered is violated: the resource never acts for a holder of the lock after it has acted for a later one',
    target: null,
    height: 900,
  },
  {
    name: 'lasso',
    title: 'For ever',
    about:
      'What never happens takes a path and a loop. Two polite processes: after step 4 both wait, and from there process 0 withdraws its flag and raises it again, for ever. The arrow leads back to where the loop begins.',
    alt: 'Two lanes and six steps; an arrow at the left leads from step 6 back to the state after step 4. Below, process0GetsIn has a cross: asked for after step 1, and never so from then on.',
    commands: [['check', 'peterson', '--bug', 'after-you', '--html', 'lasso.html']],
    report: 'lasso.html',
    hash: '#view=0&step=6',
    sentence: 'process0GetsIn is violated: process 0 gets in once it has raised its flag',
    target: null,
    height: 660,
  },
  {
    name: 'state-space',
    title: 'All states',
    about:
      "The other tab of the same report: the whole state space of Peterson's algorithm with that bug, and the counterexample in it. Larger spaces are shown around the trace.",
    alt: 'A graph of 46 states in rows by depth. A thick line leads from the initial state at the top to a small loop between two states; beside it, the chosen state and the steps from it.',
    commands: [['check', 'peterson', '--bug', 'after-you', '--html', 'lasso.html']],
    report: 'lasso.html',
    hash: '#view=1',
    sentence: 'process0GetsIn is violated: process 0 gets in once it has raised its flag',
    target: null,
    height: 800,
  },
]

function settings(...given: readonly string[]): string[] {
  return given.flatMap((one) => ['--set', one])
}

export function galleryPage(): string {
  return `# Gallery

Pictures of [reports](reports.md) of real runs, made by \`npm run docs:gallery\`. Below each stand the commands that write the report, and where in it the
picture was taken.

${pictures.map(section).join('\n')}`
}

function section({ title, about, alt, name, commands, report, hash }: Picture): string {
  return `## ${title}

${about}

![${alt}](${galleryFolder}/${name}.png)

\`\`\`
${commands.map((argv) => ['counterpoint', ...argv.map(quoted)].join(' ')).join('\n')}
\`\`\`

Open \`${report}${hash}\`.
`
}
