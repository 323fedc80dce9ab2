/** `devicebatch tracker webhooks`: set from files and variables, tested, listed and removed; no secret is printed. */
import { createHmac, randomBytes } from 'node:crypto'
import { createServer } from 'node:http'
import type { IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'

import { expect, onTestFinished, test } from 'vitest'

import { keepsConnections } from '../../../../packages/conformance/shared/patience.ts'
import { customer, deviceFile, makeFolder, startEmulator } from '../command.ts'
import { freshTracker } from './database.ts'

const newSecret = (bytes = 32): string => `whsec_${randomBytes(bytes).toString('base64')}`

test('a webhook is set from files, tested, notified by a worker, redelivered and removed', async () => {
  const emulator = await startEmulator()
  const receiver = await startReceiver()
  const folder = await makeFolder()
  const tracker = await freshTracker()
  const webhooks = (...args: string[]) => tracker(['webhooks', ...args])
  const secret = newSecret()
  const added = await webhooks(
    'add',
    'helpdesk',
    '--url-file',
    await folder.write('address', `${receiver.url}?sig=Zm9vYmFy\n`),
    '--secret-file',
    // As Windows PowerShell writes it.
    await folder.write('secret', Buffer.from(`\uFEFF${secret}\r\n${newSecret()}\r\n`, 'utf16le')),
    '--json',
  )
  expect(added.code).toBe(0)
  expect(JSON.parse(added.stdout).webhook).toMatchObject({
    name: 'helpdesk',
    url: `${receiver.url}?…`,
    secretCount: 2,
  })
  const tested = await webhooks('test', 'helpdesk')
  expect([tested.code, tested.stdout]).toEqual([0, 'The receiver accepted the test with 204.\n'])

  const file = await folder.write('devices.csv', deviceFile('N1'))
  await tracker(['submit', file, '--customer', customer, '--batch', 'Front desk'])
  await tracker(['start', '--emulator', emulator.url, '--until-done'])
  const listed = await webhooks('deliveries', '--json')
  const { notifications } = JSON.parse(listed.stdout)
  expect(notifications).toMatchObject([{ type: 'submission.ended', state: 'delivered', status: 204 }])
  const [{ notificationId }] = notifications
  const redelivered = await webhooks('redeliver', notificationId)
  expect(redelivered.stdout).toContain(`Notification ${notificationId} is due again.`)
  const table = await webhooks('list')
  expect(table.stdout).toMatch(/^Name +Address.*\nhelpdesk +http.*\?… .*\n\n1 webhook\n$/)

  receiver.status = 500
  const failed = await webhooks('test', 'helpdesk', '--json')
  expect(failed.code).toBe(1)
  expect(JSON.parse(failed.stdout)).toMatchObject({
    isDelivered: false,
    status: 500,
    reason: 'The receiver responded with 500.',
  })
  const removed = await webhooks('remove', 'helpdesk')
  expect(removed.code).toBe(0)
  const again = await webhooks('test', 'helpdesk')
  expect(again.code).toBe(1)
  expect(again.stderr).toContain('There is no webhook helpdesk in this database.')

  const [{ headers, body } = {} as never] = receiver.received
  const { 'webhook-id': id, 'webhook-timestamp': time, 'webhook-signature': signatures } = headers
  const signature = createHmac('sha256', Buffer.from(secret.slice(6), 'base64'))
    .update(`${String(id)}.${String(time)}.${body}`)
    .digest('base64')
  expect(String(signatures).split(' ')[0]).toBe(`v1,${signature}`)
  const printed = [added, tested, listed, table, failed, removed].map(({ stdout, stderr }) => stdout + stderr)
  expect(printed.join()).not.toMatch(/Zm9vYmFy|whsec_/)
})

test('an address and a secret from variables serve as well, and a Teams address needs no secret', async () => {
  const tracker = await freshTracker()
  const env = {
    DEVICEBATCH_WEBHOOK_URL: 'https://flows.example.com/workflows/7?sig=Zm9vYmFy',
    DEVICEBATCH_WEBHOOK_SECRET: newSecret(),
  }
  const add = ['webhooks', 'add']
  const standard = await tracker([...add, 'helpdesk'], env)
  expect(standard.code).toBe(0)
  const teams = await tracker([...add, 'teams', '--teams', '--type', 'submission.ended'], env)
  expect(teams.stdout).toBe(
    'The webhook teams is set; workers notify https://flows.example.com/workflows/7?…. Test it: devicebatch tracker webhooks test teams\n',
  )
  const { webhooks } = JSON.parse((await tracker(['webhooks', 'list', '--json'])).stdout)
  expect(webhooks).toMatchObject([
    { name: 'helpdesk', format: 'standard' },
    { name: 'teams', format: 'teams', types: ['submission.ended'] },
  ])
})

test('what everybody on the machine could read, and what is missing or too short, is refused with what to do', async () => {
  const folder = await makeFolder()
  const tracker = await freshTracker()
  const add = (args: string[]) => tracker(['webhooks', 'add', 'desk', ...args])
  const url = 'https://example.com/hook'
  const short = await folder.write('short', newSecret(23))
  const refusals: [string[], RegExp][] = [
    [['--url', `${url}?sig=Zm9vYmFy`, '--teams'], /--url has a query.*--url-file/],
    [[], /There is no address.*DEVICEBATCH_WEBHOOK_URL/],
    [['--url', url], /There is no secret.*--secret-file.*openssl/],
    [['--url', url, '--secret-file', short], /24 to 64 random bytes.*23 bytes/],
    [['--url', url, '--secret-file', `${short}-er`], /The file .*short-er of --secret-file cannot be read/],
    [['--url', 'http://example.com/', '--teams'], /must start with https/],
  ]
  for (const [args, message] of refusals) {
    const { code, stderr } = await add(args)
    expect(code, stderr).toBe(2)
    expect(stderr).toMatch(message)
    expect(stderr).not.toMatch(/Zm9vYmFy/)
  }
  const unknown = await add(['--url', url, '--teams', '--type', 'device.ended'])
  expect(unknown.code).toBe(2)
  expect(unknown.stderr).toMatch(/'device.ended' is invalid.*submission.ended/s)
})

/** Responds with `status`. */
async function startReceiver() {
  const receiver = { url: '', status: 204, received: [] as { headers: IncomingHttpHeaders; body: string }[] }
  const server = createServer(keepsConnections, (request, response) => {
    let body = ''
    request.on('data', (chunk) => (body += String(chunk)))
    request.on('end', () => {
      receiver.received.push({ headers: request.headers, body })
      response.writeHead(receiver.status).end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  receiver.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`
  return receiver
}
