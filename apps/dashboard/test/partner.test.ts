/** How the dashboard signs in to Partner Center, depending on the environment. */
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'

import type { EmulatorOptions } from '@devicebatch/emulator'
import { createEmulator, emulatorCredentials } from '@devicebatch/emulator'
import { serve } from '@devicebatch/emulator/node'
import { expect, inject, onTestFinished, test } from 'vitest'

import { emulatorEnvironment } from '../../../packages/emulator/test/environment.ts'
import { underProfile } from '../../../packages/emulator/test/profile.ts'
import { copyDirectory } from '../../../packages/tracker/test/databases.ts'
import { readEnvironment } from '../src/environment/environment.ts'
import { isEmulator } from '../src/environment/partner.ts'
import { uploaded } from './helpers.ts'

const { refreshToken } = emulatorCredentials

async function prepare(options: EmulatorOptions) {
  const server = await serve({ emulator: createEmulator(underProfile({ timeScale: 240, ...options })) })
  onTestFinished(() => server.close())
  const directory = await mkdtemp(join(inject('databaseFolder'), 'dashboard-'))
  onTestFinished(() => rm(directory, { recursive: true }))
  const database = join(directory, 'database')
  copyDirectory('templateDirectory', database)
  return {
    file: join(directory, 'refresh-token'),
    variables: {
      DEVICEBATCH_DATABASE_URL: database,
      ...emulatorEnvironment(server),
    },
  }
}

test('a user uploads where an app-only sign-in may not, and only the owner can read each new refresh token', async () => {
  const { file, variables } = await prepare({
    quirks: { appOnlyMayCreate: false, refreshTokenRotation: 'replace' },
  })
  const { connect } = readEnvironment({
    ...variables,
    DEVICEBATCH_REFRESH_TOKEN: refreshToken,
    DEVICEBATCH_REFRESH_TOKEN_FILE: file,
  })
  const running = await connect!()
  onTestFinished(() => running.stop())
  const { tracker, emulated } = running
  expect(emulated).toBe(true)
  const batchTrackingId = await uploaded(tracker, 'Front desk', ['S1', 'S2'])
  expect(await tracker.getUpload(batchTrackingId)).toMatchObject({ counts: { total: 2, succeeded: 2 } })
  const kept = (await readFile(file, 'utf8')).trim()
  expect(kept).not.toBe('')
  expect(kept).not.toBe(refreshToken)
  if (process.platform !== 'win32') expect((await stat(file)).mode & 0o777).toBe(0o600)
})

test('the file that `devicebatch login` wrote is enough', async () => {
  const { file, variables } = await prepare({ quirks: { appOnlyMayCreate: false } })
  await writeFile(file, `${refreshToken}\n`)
  const { connect } = readEnvironment({ ...variables, DEVICEBATCH_REFRESH_TOKEN_FILE: file })
  const running = await connect!()
  onTestFinished(() => running.stop())
  const { tracker } = running
  expect(await tracker.getUpload(await uploaded(tracker, 'Front desk', ['S1']))).toMatchObject({
    counts: { succeeded: 1 },
  })
})

test('a refresh token without a file, and a file without a refresh token, are refused with what to do', async () => {
  const { file, variables } = await prepare({})
  const setUp = async (more: Record<string, string>): Promise<unknown> =>
    await readEnvironment({ ...variables, ...more }).connect!()
  await expect(setUp({ DEVICEBATCH_REFRESH_TOKEN: refreshToken })).rejects.toThrow(
    'DEVICEBATCH_REFRESH_TOKEN needs DEVICEBATCH_REFRESH_TOKEN_FILE, the file for the tokens that replace it.',
  )
  await expect(setUp({ DEVICEBATCH_REFRESH_TOKEN_FILE: file })).rejects.toThrow(
    /contains no refresh token\. Sign in with "devicebatch login"/,
  )
  await expect(setUp({ DEVICEBATCH_REFRESH_TOKEN_FILE: join(file, '..') })).rejects.toThrow(
    /cannot be read \(EISDIR\)/,
  )
})

test('a server on this machine is the emulator only if it says so', async () => {
  const { variables } = await prepare({})
  const proxy = createServer((_, response) => response.end('{}'))
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void proxy.close())
  expect(await isEmulator(variables.DEVICEBATCH_BASE_URL)).toBe(true)
  expect(await isEmulator(`http://127.0.0.1:${(proxy.address() as AddressInfo).port}/v1`)).toBe(false)
  expect(await isEmulator('http://127.0.0.1:9/v1')).toBe(false)
})
