/** Starts the app as users do: on Deno from its source, and on workerd, without Node compatibility, from a bundle. */
import type { ChildProcess } from 'node:child_process'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { build } from 'esbuild'

/** A running app; `await using` stops it. */
export interface RunningApp extends AsyncDisposable {
  url: string
}

export type Start = (settings: Record<string, string>) => Promise<RunningApp>

const entry = join(import.meta.dirname, '../src/worker.ts')
const bin = (name: string): string => join(import.meta.dirname, '../node_modules/.bin', name)

export const startOnDeno: Start = async (settings) => {
  const args = ['serve', '--allow-net', '--allow-env', '--host=127.0.0.1', '--port=0', entry]
  const app = spawn(bin('deno'), args, {
    env: { ...process.env, ...settings, NO_COLOR: '1' },
    stdio: ['ignore', 'ignore', 'pipe'],
    // The command is a script that starts the runtime: both are stopped together, as a process group.
    detached: true,
  })
  const [, url] = await printed(app, /Listening on (http:\S+)\//)
  return { url: url!, [Symbol.asyncDispose]: () => end(app) }
}

export function startOnWorkerd(compatibilityDate: string): Start {
  return async (settings) => {
    const folder = await mkdtemp(join(tmpdir(), 'devicebatch-worker-'))
    await build({
      entryPoints: [entry],
      outfile: join(folder, 'worker.js'),
      bundle: true,
      format: 'esm',
      platform: 'neutral',
    })
    await writeFile(join(folder, 'config.capnp'), configOf(settings, compatibilityDate))
    const app = spawn(bin('workerd'), ['serve', join(folder, 'config.capnp'), '--control-fd=1'], {
      stdio: ['ignore', 'pipe', 'inherit'],
      detached: true,
    })
    const [, port] = await printed(app, /"event":"listen".*"port":(\d+)/)
    return {
      url: `http://127.0.0.1:${port}`,
      async [Symbol.asyncDispose]() {
        await end(app)
        await rm(folder, { recursive: true })
      },
    }
  }
}

function configOf(settings: Record<string, string>, compatibilityDate: string): string {
  const bindings = Object.entries(settings).map(
    ([name, text]) => `(name = ${JSON.stringify(name)}, text = ${JSON.stringify(text)})`,
  )
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "main", worker = .worker), (name = "internet", network = (allow = ["local"]))],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);
const worker :Workerd.Worker = (
  modules = [(name = "worker.js", esModule = embed "worker.js")],
  compatibilityDate = "${compatibilityDate}",
  bindings = [${bindings.join(', ')}],
);
`
}

/** Resolves with the match once the program has printed it; rejects when the program exits first. */
async function printed(app: ChildProcess, pattern: RegExp): Promise<RegExpExecArray> {
  let text = ''
  for await (const part of (app.stdout ?? app.stderr)!.setEncoding('utf8')) {
    text += String(part)
    const match = pattern.exec(text)
    if (match) return match
  }
  throw new Error(`The app exited before it listened:\n${text}`)
}

async function end(app: ChildProcess): Promise<void> {
  if (app.exitCode !== null) return
  const exited = once(app, 'exit')
  // An open request would delay a graceful exit.
  process.kill(-app.pid!, 'SIGKILL')
  await exited
}
