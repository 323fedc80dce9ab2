/** Starts the other side for one run of vitest, and provides the tests with its location and their runtime. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

import type { TestProject } from 'vitest/node'

import type { RuntimeName } from './differences.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** The address of the lab server. */
    lab: string
    runtime: RuntimeName
  }
}

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { DEVICEBATCH_RUNTIME, DEVICEBATCH_NODE } = process.env
  // The project's own Node, whatever this vitest runs on.
  const server = spawn(DEVICEBATCH_NODE!, [join(import.meta.dirname, 'lab-server.ts')], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const [address] = await once(server.stdout.setEncoding('utf8'), 'data')
  project.provide('lab', String(address).trim())
  project.provide('runtime', DEVICEBATCH_RUNTIME as RuntimeName)
  return async () => {
    const closed = once(server, 'close')
    server.stdin.end()
    await closed
  }
}
