/** A small part of what `npm run test:uploads` does with 100,000 devices. */
import { join } from 'node:path'

import { expect, onTestFinished, test } from 'vitest'

import { startEmulator } from '../../shared/emulator-process.ts'
import { root } from '../../shared/run-command.ts'
import { makeFolder } from '../../shared/temporary-folder.ts'
import { writeDeviceFile } from './device-list.ts'
import { killAndResume } from './kill-and-resume.ts'

const command = [process.execPath, join(root, 'apps/console/src/main.ts')]
const emulatorCommand = [process.execPath, join(root, 'packages/emulator/src/bin.ts')]
const devices = 2_000
/** Those of the later runs: before anything is sent, and while requests are in flight. */
const laterMoments = [
  { accepted: 0, delayMs: 50 },
  { accepted: 1, delayMs: 0 },
  { accepted: 3, delayMs: 3 },
  { accepted: 5, delayMs: 1 },
]

test.each([true, false])(
  'an upload of 2,000 devices that is killed and restarted loses nothing and lists the ambiguous devices (deduplication %j)',
  async (deduplicate) => {
    const folder = await makeFolder()
    const emulator = await startEmulator(emulatorCommand, deduplicate)
    onTestFinished(() => emulator.stop())
    await emulator.addFault({
      operation: 'addDevicesToBatch',
      skip: 3,
      effect: { kind: 'cut', accepted: true },
    })
    const file = join(folder, 'devices.csv')
    await writeDeviceFile(file, devices, false)
    const upload = { command, file, emulatorUrl: emulator.url, chunkSize: 100 }
    const processedWithoutResponse = {
      accepted: 4,
      delayMs: 0,
      before: () => expect.poll(async () => (await emulator.uploads()).length).toBeGreaterThan(4),
    }
    const moments = [processedWithoutResponse, ...laterMoments]
    const { violations, kills, inDoubt, takenTwice } = await killAndResume(upload, emulator, {
      devices,
      moments,
      deduplicate,
    })
    expect(violations).toEqual([])
    expect(kills).toBeGreaterThanOrEqual(moments.length - 1)
    expect(inDoubt).toBeGreaterThan(0)
    if (!deduplicate) expect(takenTwice).toBeGreaterThan(0)
  },
)
