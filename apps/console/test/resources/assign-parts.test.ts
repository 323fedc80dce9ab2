/** An assignment in several requests says what was sent, what was not, and how to continue. */
import { expect, test } from 'vitest'

import type { Run } from '../command.ts'
import { customer, run, start, startEmulator } from '../command.ts'

/** A batch of 1,200 devices and a policy for them: three requests. */
async function prepare() {
  const server = await startEmulator()
  const at = ['--customer', customer, '--emulator', server.url] as const
  const devices = Array.from({ length: 1_200 }, (_, index) => ({ serialNumber: `S${index}` }))
  server.emulator.seed({ batches: [{ customerId: customer, batchId: 'B', devices }] })
  await run(['policies', 'create', 'P', '--setting', 'skip_eula', ...at])
  const args = ['assign', 'B', '--all', '--policy', 'P', '--interval', '0.02', '--json', ...at] as const
  const sizes = (): number[] =>
    server
      .calls()
      .filter(({ operation, location }) => operation === 'updateDevicesWithPolicy' && location)
      .map(({ body }) => JSON.parse(body!).devices.length)
  return { ...server, args, sizes }
}

const again = `assign B --all --policy P --customer ${customer} --emulator`
const known = ({ stdout }: Run) => JSON.parse(stdout) as Record<string, string[]>

test('a wait that takes too long does not prevent anything from being sent, and each update has its command', async () => {
  const { emulator, args, sizes } = await prepare()
  emulator.faults.add({ operation: 'updateDevicesWithPolicy', effect: { kind: 'stuck' } })
  const { code, stdout, stderr } = await run([...args, '--timeout', '3'])
  expect(sizes()).toEqual([500, 500, 200])
  expect(code).toBe(3)
  const { updates } = JSON.parse(stdout)
  expect(updates.map(({ report }: { report: { outcome: string } }) => report.outcome)).toEqual([
    'pending',
    'succeeded',
    'succeeded',
  ])
  expect(stderr.match(/watch [\da-f-]{36}/g)).toEqual([`watch ${updates[0].batchTrackingId}`])
})

test('a request that is refused ends it, with what was sent and the command to continue', async () => {
  const { emulator, args, sizes } = await prepare()
  const refusal = { kind: 'answer', status: 403, body: { code: 900150, description: 'No.' } } as const
  emulator.faults.add({ operation: 'updateDevicesWithPolicy', skip: 1, effect: refusal })
  const ended = await run(args)
  expect(ended.code).toBe(1)
  expect(sizes()).toEqual([500])
  expect(ended.stderr).toContain('The policy was sent for 500 of 1,200 devices; 700 were not sent.')
  expect(ended.stderr).toContain(again)
  expect(ended.stderr).toMatch(/watch [\da-f-]{36}/)
  const { sent, inDoubt, unsent, updates } = known(ended)
  expect([sent!.length, inDoubt!.length, unsent!.length, updates!.length]).toEqual([500, 0, 700, 1])
  expect(new Set([...sent!, ...unsent!]).size).toBe(1_200)
})

test('a request whose response was lost is in doubt, not unsent', async () => {
  const { emulator, args } = await prepare()
  emulator.faults.add({ operation: 'updateDevicesWithPolicy', times: Infinity, effect: { kind: 'cut' } })
  const ended = await run(args)
  expect(ended.code).toBe(1)
  expect(ended.stderr).toContain(
    'The policy was sent for 0 of 1,200 devices; 500 may have been sent, 700 were not sent.',
  )
  const { sent, inDoubt, unsent } = known(ended)
  expect([sent!.length, inDoubt!.length, unsent!.length]).toEqual([0, 500, 700])
})

test('Ctrl-C between two requests prints the same', async () => {
  const { emulator, args, calls } = await prepare()
  emulator.faults.add({
    operation: 'updateDevicesWithPolicy',
    skip: 1,
    effect: { kind: 'delay', delayMs: 1e9 },
  })
  const child = start(args)
  await expect
    .poll(() => calls().filter(({ operation }) => operation === 'updateDevicesWithPolicy').length)
    .toBe(2)
  child.kill('SIGINT')
  const ended = await child.run
  expect(ended.code).toBe(130)
  expect(ended.stderr).toContain(
    'The policy was sent for 500 of 1,200 devices; 500 may have been sent, 200 were not sent.',
  )
  expect(ended.stderr).toContain(again)
})
