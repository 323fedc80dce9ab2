/** What a fresh clone installs, and with which Node its scripts run. pnpm is replaced by a fake: it has its own tests. */
import { execFile } from 'node:child_process'
import { appendFile, chmod, cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'

import { afterEach, beforeEach, describe, expect, test } from 'vitest'

const root = join(import.meta.dirname, '../../..')

let folder: string
let clone: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'devicebatch-setup-'))
  clone = join(folder, 'clone')
  for (const path of ['.ci/setup.mjs', '.ci/launch.mjs', 'package.json', 'pnpm-lock.yaml']) {
    await cp(join(root, path), join(clone, path))
  }
  await mkdir(join(clone, 'node_modules'))
  await writeProgram('npx', 'echo "$@" >> "$CALLS"')
})

afterEach(() => rm(folder, { recursive: true, force: true }))

/** A command that comes before all others in `PATH`. */
async function writeProgram(name: string, script: string): Promise<void> {
  const path = join(folder, 'bin', name)
  await mkdir(join(folder, 'bin'), { recursive: true })
  await writeFile(path, `#!/bin/sh\n${script}\n`)
  await chmod(path, 0o755)
}

/** A Node that cannot run TypeScript without a flag, as Node 20 cannot. */
const old = { NODE_OPTIONS: '--no-experimental-strip-types' }

interface Ended {
  exitCode: number
  output: string
}

function run(file: string, args: string[], env: Record<string, string> = {}): Promise<Ended> {
  const path = [join(folder, 'bin'), process.env.PATH].join(delimiter)
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [join(clone, '.ci', file), ...args],
      {
        cwd: clone,
        env: { ...process.env, NODE_OPTIONS: '', CI: '', ...env, PATH: path, CALLS: join(folder, 'calls') },
      },
      (_, stdout, stderr) => resolve({ exitCode: child.exitCode ?? -1, output: stdout + stderr }),
    )
  })
}

/** Sets up, and returns the arguments of each `npx` call. */
async function setUp(scope: string, env?: Record<string, string>): Promise<string[]> {
  await rm(join(folder, 'calls'), { force: true })
  const { exitCode, output } = await run('setup.mjs', [scope], env)
  expect(output).not.toContain('Error')
  expect(exitCode).toBe(0)
  const calls = await readFile(join(folder, 'calls'), 'utf8').catch(() => '')
  return calls.split('\n').filter(Boolean)
}

describe('what is installed', () => {
  test('is what the scope needs, without Node if the current one runs the sources', async () => {
    const [call, ...others] = await setUp('demo')
    expect(call).toMatch(/^-y pnpm@\d+\.\d+\.\d+ install --frozen-lockfile /)
    expect(call).toMatch(/ --prod --filter devicebatch\.\.\.$/)
    expect(others).toEqual([])
  })

  test('includes Node if the current one cannot run the sources', async () => {
    const [call] = await setUp('demo', old)
    expect(call).toMatch(/ --prod --filter devicebatch\.\.\. --filter @devicebatch\/node$/)
  })

  test('is nothing the second time', async () => {
    await setUp('demo', old)
    expect(await setUp('demo', old)).toEqual([])
  })

  test('gains Node when an older one runs setup later', async () => {
    await setUp('demo')
    const [call] = await setUp('demo', old)
    expect(call).toContain('--filter @devicebatch/node')
  })

  test('keeps what another scope needs, so that neither has to be installed again', async () => {
    await setUp('demo')
    const [call] = await setUp('dashboard')
    expect(call).toMatch(/--filter devicebatch\.\.\. --filter @devicebatch\/dashboard\.\.\.$/)
    expect(await setUp('demo')).toEqual([])
    expect(await setUp('dashboard')).toEqual([])
  })

  test('is every package for "all", which then serves every scope', async () => {
    await setUp('demo')
    const [call] = await setUp('all')
    expect(call).not.toMatch(/--prod|--filter/)
    expect(await setUp('demo', old)).toEqual([])
    expect(await setUp('all')).toEqual([])
  })

  test('is reinstalled for the same scopes when the lockfile has changed', async () => {
    await setUp('all')
    await appendFile(join(clone, 'pnpm-lock.yaml'), '\n')
    const [call] = await setUp('demo')
    expect(call).not.toMatch(/--prod|--filter/)
  })

  test('is nothing where pnpm itself has installed the whole lockfile', async () => {
    await cp(join(clone, 'pnpm-lock.yaml'), join(clone, 'node_modules/.pnpm/lock.yaml'))
    expect(await setUp('all')).toEqual([])
  })

  test('stays complete where pnpm itself has installed an older lockfile', async () => {
    await mkdir(join(clone, 'node_modules/.bin'))
    await writeFile(join(clone, 'node_modules/.bin/turbo'), '')
    const [call] = await setUp('demo')
    expect(call).not.toMatch(/--prod|--filter/)
  })

  test('is retried after a failure, which is reported in one line', async () => {
    await writeProgram('npx', 'echo "no network" >&2; exit 3')
    const { exitCode, output } = await run('setup.mjs', ['demo'])
    expect(exitCode).toBe(1)
    expect(output).toMatch(/no network\nThe installation failed; .*\n$/)
    await writeProgram('npx', 'echo "$@" >> "$CALLS"')
    expect(await setUp('demo')).toHaveLength(1)
  })
})

describe('the lockfile', () => {
  test('is trusted on a developer’s machine', async () => {
    expect(await setUp('all')).toEqual([expect.stringContaining(' --trust-lockfile')])
    await appendFile(join(clone, 'pnpm-lock.yaml'), '\n')
    expect(await setUp('all', { CI: 'false' })).toEqual([expect.stringContaining(' --trust-lockfile')])
  })

  test('is checked against the policies in CI', async () => {
    expect(await setUp('all', { CI: 'true' })).toEqual([expect.not.stringContaining('trust-lockfile')])
  })
})

describe('a root script', () => {
  const launch = async (...args: string[]): Promise<Ended> => {
    await setUp('all')
    return run('launch.mjs', ['all', ...args])
  }

  test('exits as its program does, and passes it the arguments', async () => {
    await writeFile(
      join(clone, 'program.ts'),
      'console.log(process.argv.slice(2) as string[]); process.exitCode = 7',
    )
    expect(await launch('program.ts', '--one', 'two words')).toEqual({
      exitCode: 7,
      output: "[ '--one', 'two words' ]\n",
    })
  })

  test('runs commands of installed packages', async () => {
    await mkdir(join(clone, 'node_modules/.bin'))
    await writeFile(join(clone, 'node_modules/.bin/tool'), '#!/bin/sh\necho "tool $1"\n', { mode: 0o755 })
    expect(await launch('tool', 'check')).toEqual({ exitCode: 0, output: 'tool check\n' })
  })

  test.each(['node_modules', '.ci/node/node_modules'])(
    'runs its sources with the Node of %s if it is installed',
    async (modules) => {
      await mkdir(join(clone, modules, 'node/bin'), { recursive: true })
      await writeFile(join(clone, modules, 'node/bin/node'), '#!/bin/sh\necho "installed Node: $1"\n', {
        mode: 0o755,
      })
      expect(await launch('program.ts')).toEqual({ exitCode: 0, output: 'installed Node: program.ts\n' })
    },
  )

  test('says which command is missing', async () => {
    const { exitCode, output } = await launch('no-such-tool')
    expect(exitCode).toBe(1)
    expect(output).toBe('"no-such-tool" could not be started: spawn no-such-tool ENOENT\n')
  })

  test('forwards the signal that ends it', async () => {
    await setUp('all')
    const program = "process.once('SIGTERM', () => process.exit(5)); process.kill(process.ppid, 'SIGTERM')"
    await writeFile(join(clone, 'program.ts'), `${program}; setInterval(() => {}, 1000)`)
    expect(await run('launch.mjs', ['all', 'program.ts'])).toEqual({ exitCode: 5, output: '' })
  })
})
