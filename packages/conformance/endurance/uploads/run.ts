/**
 * `npm run test:uploads`: 100,000 devices with hardware hashes through the packed command, once in one go with its memory
 * measured, and twice with kills at ten random moments; then 300 rounds of a small upload that is interrupted by Ctrl-C, killed, and
 * started twice at once. `--devices`, `--seed`, `--kills` and `--rounds` change these numbers; `--devices 0` runs the rounds only.
 */
import { mkdir, mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'

import { startEmulator } from '../../shared/emulator-process.ts'
import { packWorkspace } from '../../shared/pack-workspace.ts'
import { seededRandom } from '../../shared/seeded-random.ts'
import { writeDeviceFile } from './device-list.ts'
import { interruptAndResume, planRound } from './interrupt-and-resume.ts'
import { killAndResume } from './kill-and-resume.ts'
import type { Moment } from './upload-process.ts'
import { runUpload } from './upload-process.ts'

const limitMb = 450
const chunkSize = 500

const { values } = parseArgs({
  options: {
    devices: { type: 'string', default: '100000' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    kills: { type: 'string', default: '10' },
    rounds: { type: 'string', default: '300' },
  },
})
const [devices, seed, kills, rounds] = [values.devices, values.seed, values.kills, values.rounds].map(
  Number,
) as [number, number, number, number]
const count = (number: number): string => number.toLocaleString('en-US')

const directory = await mkdtemp(join(tmpdir(), 'devicebatch-uploads-'))
let [passed, failures] = [0, 0]
try {
  const { installed } = await packWorkspace(directory)
  const bin = (name: string): string[] => [process.execPath, join(installed, 'node_modules', name)]
  const command = bin('devicebatch/dist/main.js')
  const emulatorCommand = bin('@devicebatch/emulator/dist/bin.js')

  console.log(`seed ${seed}\n`)
  if (devices > 0) await uploadMany()
  await judge(`interrupted, killed and started twice at once, ${rounds} rounds`, interruptOften)

  async function uploadMany(): Promise<void> {
    console.log(`${count(devices)} devices`)
    const source = join(directory, 'devices.csv')
    await writeDeviceFile(source, devices, true)
    console.log(`the file is ${Math.round((await stat(source)).size / 1e6)} MB\n`)

    await judge('in one go', async (folder) => {
      const emulator = await startEmulator(emulatorCommand, true)
      try {
        const startedAt = performance.now()
        const upload = { command, file: await fileIn(folder), emulatorUrl: emulator.url, chunkSize }
        const { exitCode, output, peakMb = Infinity } = await runUpload(upload)
        const seconds = Math.round((performance.now() - startedAt) / 1_000)
        console.log(`  peak memory ${Math.round(peakMb)} MB, limit ${limitMb}; ${seconds} s`)
        return [
          ...(exitCode === 0 ? [] : [`it exited with ${exitCode}:\n${output.slice(-2_000)}`]),
          ...(peakMb <= limitMb ? [] : [`it took ${Math.round(peakMb)} MB`]),
        ]
      } finally {
        await emulator.stop()
      }
    })

    for (const deduplicate of [true, false]) {
      await judge(`killed ${kills} times, deduplication ${deduplicate ? 'on' : 'off'}`, async (folder) => {
        const moments = randomMoments(seed + (deduplicate ? 0 : 1))
        console.log(`  at ${moments.map(({ accepted, delayMs }) => `${accepted}+${delayMs} ms`).join(', ')}`)
        const emulator = await startEmulator(emulatorCommand, deduplicate)
        try {
          const upload = { command, file: await fileIn(folder), emulatorUrl: emulator.url, chunkSize }
          const result = await killAndResume(upload, emulator, { devices, moments, deduplicate })
          console.log(
            `  ${result.kills} kills, ${result.inDoubt} requests in doubt; ${count(result.takenTwice)} devices accepted twice, ` +
              `${count(result.cannotTell)} reported as cannot-tell; peak memory of the last run ${Math.round(result.last.peakMb ?? 0)} MB`,
          )
          return [
            ...result.violations,
            ...(result.kills === kills ? [] : [`only ${result.kills} of ${kills} runs were killed`]),
          ]
        } finally {
          await emulator.stop()
        }
      })
    }
  }

  /** Two rounds at a time, each with its own files and emulator. */
  async function interruptOften(folder: string): Promise<string[]> {
    const random = seededRandom(seed)
    const plans = Array.from({ length: rounds }, () => planRound(random))
    const violations: string[] = []
    const sums = { interrupted: 0, killed: 0, refused: 0, inDoubt: 0 }
    const work = async (): Promise<void> => {
      for (let plan = plans.pop(); plan; plan = plans.pop()) {
        const own = await mkdtemp(join(folder, 'round-'))
        const result = await interruptAndResume(command, own, plan)
        await rm(own, { recursive: true })
        for (const name of Object.keys(sums) as (keyof typeof sums)[]) sums[name] += result[name]
        violations.push(...result.violations.map((text) => `${text} (${JSON.stringify(plan)})`))
      }
    }
    await Promise.all([work(), work()])
    console.log(
      `  ${count(sums.interrupted)} runs interrupted by Ctrl-C, ${count(sums.killed)} killed, ${count(sums.refused)} refused because another was running; ` +
        `${count(sums.inDoubt)} requests in doubt`,
    )
    return violations
  }

  async function fileIn(folder: string): Promise<string> {
    const path = join(folder, 'devices.csv')
    await writeDeviceFile(path, devices, true)
    return path
  }
} finally {
  await rm(directory, { recursive: true, force: true })
}
console.log(`\n${passed} passed, ${failures} failed`)
process.exitCode = failures > 0 ? 1 : 0

async function judge(what: string, run: (folder: string) => Promise<string[]>): Promise<void> {
  console.log(what)
  const folder = join(directory, what.replaceAll(/\W+/g, '-'))
  await mkdir(folder)
  const violations = await run(folder)
  await rm(folder, { recursive: true })
  if (violations.length > 0) failures++
  else passed++
  console.log(violations.length > 0 ? `  failed: ${violations.join('; ')}\n` : '  passed\n')
}

/**
 * After so few accepted requests of a run that no run finishes, and up to two requests later: in flight, answered, or being
 * recorded.
 */
function randomMoments(from: number): Moment[] {
  const random = seededRandom(from)
  const perRun = Math.max(1, Math.floor(devices / chunkSize / kills) - 3)
  return Array.from({ length: kills }, () => ({
    accepted: 1 + Math.floor(random() * perRun),
    delayMs: Math.floor(random() * 120),
  }))
}
