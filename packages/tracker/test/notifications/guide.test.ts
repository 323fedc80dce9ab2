/** The documented receiver, as a process of its own. */
import { spawn } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { expect, onTestFinished, test } from 'vitest'

import { freePort } from '../../../conformance/shared/free-port.ts'
import { all, devices, fastEmulator, freshDatabase, trackerOn, until } from '../helpers.ts'
import { newSecret } from './receiver.ts'

const customerId = 'c7f3c849-129f-4b85-a96d-4f8e88b315a3'

test('the receiver of the guide accepts what is signed with its secret, once, and nothing else', async () => {
  const guide = readFileSync(join(import.meta.dirname, '../../../../docs/notifications.md'), 'utf8')
  const program = join(import.meta.dirname, '../../.results/receiver.ts')
  mkdirSync(join(program, '..'), { recursive: true })
  writeFileSync(program, /```ts receiver\n([\s\S]*?)```/.exec(guide)![1]!)
  const [secret, port] = [newSecret(), await freePort()]
  const receiver = spawn(process.execPath, [program], {
    env: { ...process.env, WEBHOOK_SECRET: secret, PORT: `${port}` },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  onTestFinished(() => void receiver.kill('SIGKILL'))
  let output = ''
  receiver.stdout.on('data', (chunk) => (output += String(chunk)))

  const tracker = trackerOn(await freshDatabase(), fastEmulator())
  const url = `http://127.0.0.1:${port}/`
  await tracker.setWebhook({ name: 'guide', url, secrets: [secret] })
  await until(async () => (await tracker.testWebhook('guide')).status === 204)
  await tracker.start()
  await tracker.submit({ customerId, batchId: 'Front desk', devices: devices('G1', 'EMU808-G2') })
  const delivered = () => all(tracker.listNotifications({ state: 'delivered' }))
  await until(async () => (await delivered()).length === 1)
  const [{ notificationId } = {} as never] = await delivered()
  await tracker.redeliverNotification(notificationId)
  await until(async () => (await delivered()).length === 1)
  await until(() => output !== '')
  expect(output).toBe('Front desk: 1 of 2 devices failed.\n')

  await tracker.setWebhook({ name: 'guide', url, secrets: [newSecret()] })
  expect(await tracker.testWebhook('guide')).toMatchObject({ isDelivered: false, status: 401 })
})
