/**
 * The recipes for hosts that do not let a process sleep compile with the types of their host, and where the host comes from npm,
 * they run in it against the emulator.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'

import { createPartnerCenter } from '@devicebatch/client'
import type { BatchUploadId } from '@devicebatch/client'
import { appUser } from '@devicebatch/client/credentials'
import { createEmulator, emulatorCredentials } from '@devicebatch/emulator'
import { serve } from '@devicebatch/emulator/node'
import { describe, expect, onTestFinished, test } from 'vitest'

import { emulatorEnvironment } from '../../../emulator/test/environment.ts'
import { isThere, runtimeNamed } from '../../runtimes/runtimes.ts'
import { root, runCommand } from '../../shared/run-command.ts'
import { makeProject, tools } from './consumer.ts'

const counts = { total: 2, pending: 0, succeeded: 1, alreadyRegistered: 0, failed: 1, unresolved: 0 }
const workerd = runtimeNamed('workerd')
const deno = runtimeNamed('deno')

test.each([
  ['cloudflare-workflow.md', 'worker', '@cloudflare/workers-types', ['es2023']],
  ['durable-object.md', 'worker', '@cloudflare/workers-types', ['es2023']],
  ['durable-functions.md', 'durable-functions', '@types/node', ['es2023', 'dom']],
])('%s compiles with the types of its host', async (document, language, types, lib) => {
  const project = await writeRecipe(document, language)
  const compilerOptions = {
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    target: 'es2023',
    module: 'nodenext',
    lib,
    types: [join(tools, types)],
  }
  await mkdir(join(project, 'node_modules'))
  await symlink(join(tools, 'durable-functions'), join(project, 'node_modules/durable-functions'), 'junction')
  await writeFile(
    join(project, 'tsconfig.json'),
    JSON.stringify({ compilerOptions, files: ['src/index.ts'] }),
  )
  const compiler = join(tools, 'typescript60/bin/tsc')
  expect(await runCommand(project, process.execPath, compiler, '--pretty', 'false')).toBe('')
})

describe.skipIf(!isThere(workerd))('on Cloudflare, by wrangler', () => {
  test('a Workflow polls until the batch ends, and returns the outcome of its devices', async () => {
    const upload = await submit()
    const ask = await startWorker('cloudflare-workflow.md', upload)
    const { id } = await ask('', { method: 'POST', body: JSON.stringify(upload.ids) })
    await upload.endAfterPoll()
    const status = await until(
      () => ask(id as string),
      (answer) => answer.status === 'complete' || answer.status === 'errored',
    )
    expect(status).toMatchObject({ status: 'complete', output: { outcome: 'partially-failed', counts } })
  })

  test('the alarm of a Durable Object is the next poll, until the batch ends', async () => {
    const upload = await submit()
    const ask = await startWorker('durable-object.md', upload)
    await ask('', { method: 'PUT', body: JSON.stringify(upload.ids) })
    await upload.endAfterPoll()
    const watched = await until(
      () => ask(upload.ids.batchTrackingId),
      ({ end }) => end !== undefined,
    )
    expect(watched).toMatchObject({ ids: upload.ids, end: 'done', state: { counts, polls: 2 } })
  })
})

test.skipIf(!isThere(deno))('on Deno, a cron polls what is due, and keeps what has ended', async () => {
  const { ids, settings } = await submit()
  const project = await writeRecipe('deno-cron.md', 'deno')
  await writeFile(
    join(project, 'run.ts'),
    `import { follow, sweep } from './src/index.ts'
const ids = ${JSON.stringify(ids)}
await follow(ids)
await sweep()
const body = JSON.stringify({ runUntil: 'idle' })
await fetch(Deno.env.get('DEVICEBATCH_AUTHORITY_HOST') + '/_emulator/clock', { method: 'POST', body })
await sweep()
await sweep(Date.now() + 60_000)
const kv = await Deno.openKv(Deno.env.get('KV_PATH'))
const kept = await Array.fromAsync(kv.list({ prefix: [] }), ({ key, value }) => [key, (value as { counts: object }).counts])
console.log(JSON.stringify(kept))
Deno.exit(0)
`,
  )
  const printed = await runCommand(
    project,
    'env',
    ...Object.entries({ ...settings, KV_PATH: join(project, 'kv'), NO_COLOR: '1' }).map(
      ([name, value]) => `${name}=${value}`,
    ),
    deno.executable,
    'run',
    '--check',
    '--cached-only',
    '--node-modules-dir=manual',
    '--unstable-kv',
    '--unstable-cron',
    '--allow-all',
    'run.ts',
  )
  expect(JSON.parse(printed)).toEqual([[['ended', ids.customerId, ids.batchTrackingId], counts]])
})

/** Writes the program of a recipe, and its configuration where it has one, into a project; resolves with the folder. */
async function writeRecipe(document: string, language: string): Promise<string> {
  const project = await makeProject()
  const text = await readFile(join(root, 'docs/recipes', document), 'utf8')
  const blocks = new Map(
    [...text.matchAll(/^```(\S[^\n]*)\n(.*?)^```/gms)].map(([, name, code]) => [name!, code!]),
  )
  await mkdir(join(project, 'src'))
  await writeFile(join(project, 'src/index.ts'), blocks.get(`ts ${language}`)!)
  await writeFile(join(project, 'package.json'), JSON.stringify({ private: true, type: 'module' }))
  const wrangler = blocks.get('jsonc')
  if (wrangler) await writeFile(join(project, 'wrangler.jsonc'), wrangler)
  return project
}

interface Submitted {
  ids: BatchUploadId
  /** The settings of the recipes. */
  settings: Record<string, string>
  /** Ends the batch after it has been polled. */
  endAfterPoll: () => Promise<void>
}

/** Submits two devices, one of which fails, to an emulator whose clock stands still. */
async function submit(): Promise<Submitted> {
  const emulator = createEmulator({ timeScale: 0 })
  const server = await serve({ emulator })
  onTestFinished(() => server.close())
  const { baseUrl, url } = server
  const credential = appUser({ ...emulatorCredentials, onRefreshToken: () => {}, authorityHost: url })
  const upload = await createPartnerCenter({ credential, baseUrl })
    .customers.byId('47021739-3426-40bf-9601-61b4b6d7c793')
    .deviceBatches.create({
      batchId: 'Front desk',
      devices: ['R9-ZNP67', 'EMU808-1'].map((serialNumber) => ({
        serialNumber,
        oemManufacturerName: 'Contoso',
        modelName: 'Tablet 3',
      })),
    })
  return {
    ids: upload.toJSON(),
    settings: emulatorEnvironment(server),
    async endAfterPoll() {
      const polls = () =>
        Promise.resolve(emulator.requests.filter(({ operation }) => operation === 'getBatchUploadStatus'))
      await until(polls, ({ length }) => length > 0)
      await emulator.clock.runUntil('idle')
    },
  }
}

type Ask = (path: string, init?: { method: string; body: string }) => Promise<Record<string, unknown>>

/** Starts the recipe as its reader would, with `wrangler dev`. */
async function startWorker(document: string, { settings }: Submitted): Promise<Ask> {
  const project = await writeRecipe(document, 'worker')
  const variables = Object.entries(settings).flatMap(([name, value]) => ['--var', `${name}:${value}`])
  const wrangler = spawn(
    process.execPath,
    [
      join(tools, 'wrangler/bin/wrangler.js'),
      'dev',
      '--config=wrangler.jsonc',
      '--ip=127.0.0.1',
      '--port=0',
      '--inspector-port=0',
      ...variables,
    ],
    {
      cwd: project,
      env: { ...process.env, WRANGLER_SEND_METRICS: 'false', NO_COLOR: '1', CI: '1' },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    },
  )
  onTestFinished(async () => {
    const closed = once(wrangler, 'close')
    process.kill(-wrangler.pid!, 'SIGKILL')
    await closed
  })
  let said = ''
  wrangler.stderr.setEncoding('utf8').on('data', (text: string) => (said += text))
  // Leaving the loop must not close a stream that wrangler still writes to.
  for await (const text of wrangler.stdout.setEncoding('utf8').iterator({ destroyOnReturn: false })) {
    said += String(text)
    const origin = /Ready on (http:\S+)/.exec(said)?.[1]
    if (origin) {
      wrangler.stdout.resume()
      return async (path, init) => {
        const response = await fetch(`${origin}/${path}`, init)
        const answer = await response.text()
        if (!response.ok) throw new Error(`${response.status}: ${answer}\n${said}`)
        return answer === '' ? {} : JSON.parse(answer)
      }
    }
  }
  throw new Error(`wrangler did not start:\n${said}`)
}

async function until<T>(ask: () => Promise<T>, isReached: (answer: T) => boolean): Promise<T> {
  for (;;) {
    const answer = await ask()
    if (isReached(answer)) return answer
    await pause(100)
  }
}
