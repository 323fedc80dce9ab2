/**
 * A registry on this machine: it keeps what is published to it for one run, and forwards everything else to npm's configured
 * registry. It caches those packages, so that the next run needs no network.
 */
import { mkdir, rm } from 'node:fs/promises'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { runServer } from 'verdaccio'

import { runCommand } from '../shared/run-command.ts'

const storage = join(import.meta.dirname, '../node_modules/.cache/registry')

export interface LocalRegistry {
  /** Its address, with a slash at the end. */
  url: string
  close(): Promise<void>
}

/** @param own The packages that are published here: never fetched from elsewhere, nor kept from an earlier run. */
export async function startRegistry(own: readonly string[]): Promise<LocalRegistry> {
  for (const name of own) await rm(join(storage, name), { recursive: true, force: true })
  await mkdir(storage, { recursive: true })
  // Not inside the workspace, where npm does not tell.
  const upstream = (await runCommand(tmpdir(), 'npm', 'config', 'get', 'registry')).trim()
  const server: Server = await runServer({
    configPath: join(storage, 'config.yaml'),
    storage,
    auth: {},
    web: { enable: false },
    uplinks: { upstream: { url: upstream, maxage: '30d' } },
    packages: {
      ...Object.fromEntries(own.map((name) => [name, { access: '$all', publish: '$all' }])),
      '**': { access: '$all', proxy: 'upstream' },
    },
    log: { type: 'stdout', level: 'fatal' },
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
