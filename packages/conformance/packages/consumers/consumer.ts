/** A user's project: the small programs in `projects/`, in a folder outside the workspace with the packages installed. */
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'

import { createEmulator, emulatorCredentials } from '@devicebatch/emulator'
import type { EmulatorServer } from '@devicebatch/emulator/node'
import { serve } from '@devicebatch/emulator/node'
import { inject, onTestFinished } from 'vitest'

/** What this package installs for consumers: compilers, bundlers, other people's types. */
export const tools: string = join(import.meta.dirname, 'node_modules')

/** Resolves with the folder of the programs, which is removed when the test ends. */
export async function makeProject(): Promise<string> {
  const { installed } = inject('packed')
  const project = await mkdtemp(join(installed, 'project-'))
  onTestFinished(() => rm(project, { recursive: true, force: true }))
  await cp(join(import.meta.dirname, 'projects'), project, { recursive: true })
  return project
}

/** An emulator that is quick, and a token for it. */
export async function startEmulator(): Promise<EmulatorServer & { token: string }> {
  const server = await serve({ emulator: createEmulator({ queuedMs: 1, processingMs: 1, cors: true }) })
  onTestFinished(() => server.close())
  return { ...server, token: await tokenFor(server) }
}

/** A user's token for that emulator. */
export async function tokenFor({ url }: Pick<EmulatorServer, 'url'>): Promise<string> {
  const { tenantId, clientId, clientSecret, refreshToken } = emulatorCredentials
  const answer = await fetch(`${url}/${tenantId}/oauth2/v2.0/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'refresh_token',
      refresh_token: refreshToken,
      client_id: clientId,
      client_secret: clientSecret,
      scope: 'https://api.partnercenter.microsoft.com/.default',
    }),
  })
  const { access_token: token } = (await answer.json()) as { access_token: string }
  return token
}

/** What `uploadDevices` of `projects/upload-devices.js` resolves with, wherever it runs. */
export const uploaded = {
  outcome: 'partially-failed',
  status: 'finished',
  failures: ['EMU808-1 808'],
  results: 3,
  refused: 'ApiError 404',
}
