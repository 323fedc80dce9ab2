/** Runs programs of the benchmark in separate processes, which report over their IPC channel. */
import { fork } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { join } from 'node:path'

/** A program that responds to requests until it is stopped. */
export interface Helper extends AsyncDisposable {
  ask(question: unknown): Promise<unknown>
}

/** Runs a program of `programs/` until it has reported, and returns that. */
export async function runProgram(program: string, args: string[], nodeArgs: string[] = []): Promise<unknown> {
  const child = start(program, args, nodeArgs)
  const answer = await Promise.race([nextMessage(child), failureOf(child, program)])
  await stop(child)
  return answer
}

/** Starts a program of `programs/` that responds to each request with one message. */
export function startHelper(program: string, args: string[] = [], nodeArgs: string[] = []): Helper {
  const child = start(program, args, nodeArgs)
  const failed = failureOf(child, program)
  return {
    ask(question) {
      const answer = Promise.race([nextMessage(child), failed])
      child.send(question as object)
      return answer
    },
    [Symbol.asyncDispose]: () => stop(child),
  }
}

/** Starts the server that all clients call; `origin` is its URL. */
export async function startServer(): Promise<{ origin: string } & AsyncDisposable> {
  const helper = startHelper('server.ts')
  const origin = (await helper.ask('origin')) as string
  return { origin, [Symbol.asyncDispose]: () => helper[Symbol.asyncDispose]() }
}

function start(program: string, args: string[], nodeArgs: string[]): ChildProcess {
  return fork(join(import.meta.dirname, 'programs', program), args, {
    execArgv: nodeArgs,
    env: { ...process.env, NODE_OPTIONS: '' },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const closed = new Promise((resolve) => child.once('close', resolve))
  child.kill()
  await closed
}

function nextMessage(child: ChildProcess): Promise<unknown> {
  return new Promise((resolve) => child.once('message', resolve))
}

function failureOf(child: ChildProcess, program: string): Promise<never> {
  const failed = new Promise<never>((_, reject) => {
    child.once('error', reject)
    child.once('close', (code, signal) =>
      reject(new Error(`${program} ended with ${signal ?? `exit code ${code}`} before it responded.`)),
    )
  })
  // The program always exits at some point; that is a failure only for a request that is still waiting.
  failed.catch(() => {})
  return failed
}
