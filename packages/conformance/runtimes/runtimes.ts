/** Where does the suite run? Each runtime with the command that runs vitest on it, and how to get it. */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'

import type { RuntimeName } from './differences.ts'

export interface Runtime {
  name: RuntimeName
  /** Its display name. */
  label: string
  /** The program that must be installed. */
  executable: string
  /** The command that runs vitest, without vitest's own arguments. */
  command: readonly [program: string, ...args: string[]]
  /** What to do if the program does not start. */
  howToGet: string
}

/** The result of the suite on one runtime. */
export interface RuntimeResult {
  runtime: Runtime
  /** False if it could not run because the runtime is missing. */
  ran: boolean
  passed: number
  failed: number
  /** How many tests of each file passed, by file name without its extension. */
  passedByFile: Map<string, number>
  seconds: number
}

const conformance = join(import.meta.dirname, '..')
const vitest = join(conformance, 'node_modules/vitest/vitest.mjs')
const installed = (path: string): string => join(conformance, 'runtimes/installed/node_modules', path)
const [node22, node26] = [installed('node22/bin/node'), installed('node26/bin/node')]
const [deno, bun, workerd] = ['.bin/deno', '.bin/bun', '.bin/workerd'].map(installed) as [
  string,
  string,
  string,
]
const node = process.execPath
/** For runtimes that vitest itself starts. */
const throughNode = [node, vitest, 'run'] as const

/** The path of Debian's package, unless the environment names another Chromium-based browser. */
export const chromium: string = process.env.CHROMIUM ?? '/usr/bin/chromium'

/** Every runtime, in the order in which they run and are shown. */
export const runtimes: readonly Runtime[] = [
  atHand('node22', 'Node 22', node22, [node22, vitest, 'run']),
  atHand('node24', 'Node 24', node, throughNode),
  atHand('node26', 'Node 26', node26, [node26, vitest, 'run']),
  atHand('deno', 'Deno 2', deno, [deno, 'run', '-A', vitest, 'run']),
  // vitest's default pool does not start on Bun.
  atHand('bun', 'Bun 1', bun, [bun, '--bun', vitest, 'run', '--pool', 'threads']),
  atHand('workerd', 'workerd', workerd, throughNode),
  atHand('workerd2024', 'workerd as of 2024-01-01', workerd, throughNode),
  atHand('edgeRuntime', 'Vercel edge-runtime', node, throughNode),
  {
    name: 'chromium',
    label: 'Chromium',
    executable: chromium,
    command: throughNode,
    howToGet:
      'install it (Debian: apt-get install -y chromium), or name its program in the variable CHROMIUM',
  },
]

/** The runtime with this name. */
export function runtimeNamed(wanted: RuntimeName): Runtime {
  return runtimes.find(({ name }) => name === wanted)!
}

/** Whether its program starts. */
export function isThere({ executable }: Runtime): boolean {
  return spawnSync(executable, ['--version'], { stdio: 'ignore' }).status === 0
}

function atHand(name: RuntimeName, label: string, executable: string, command: Runtime['command']): Runtime {
  const howToGet = 'run npx pnpm install, and look at what its install script says'
  return { name, label, executable, command, howToGet }
}
