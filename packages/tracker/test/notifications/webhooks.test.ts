/** Webhooks are set, shown without their secrets, tested and removed; what cannot work is refused. */
import { randomUUID } from 'node:crypto'

import { Webhook } from 'standardwebhooks'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import type { Tracker, WebhookSettings } from '../../src/index.ts'
import { all, fastEmulator, freshDatabase, makeDatabase, makeTracker, trackerOn } from '../helpers.ts'
import { newSecret, startReceiver } from './receiver.ts'

const secret = newSecret()
const good = { name: 'helpdesk', url: 'https://example.com/hook', secrets: [secret] }

describe('setWebhook refuses, and stores nothing:', () => {
  let tracker: Tracker
  let remove: () => Promise<void>
  beforeAll(async () => {
    const made = await makeDatabase()
    remove = made.remove
    tracker = makeTracker(made.database, fastEmulator())
  })
  afterAll(async () => {
    await tracker.close()
    await remove()
  })
  test.each<[string, Partial<WebhookSettings>, RegExp]>([
    [
      'an address without encryption',
      { url: 'http://example.com/hook' },
      /`url` must start with https:\/\/; got http: at "example.com"/,
    ],
    ['another protocol', { url: 'ftp://example.com/' }, /must start with https/],
    ['no address', { url: 'example.com' }, /`url` must be an address such as/],
    [
      'a password in the address',
      { url: 'https://user:hunter2@example.com/' },
      /must not contain a user name or a password.*Remove them/,
    ],
    [
      'a short secret',
      { secrets: [newSecret(23)] },
      /`secrets\[0\]` must be whsec_ and 24 to 64 random bytes.*23 bytes.*openssl rand -base64 32/,
    ],
    ['a long secret', { secrets: [newSecret(65)] }, /65 bytes/],
    ['a short second secret', { secrets: [secret, newSecret(5)] }, /`secrets\[1\]`.*5 bytes/],
    [
      'a secret that is not base64',
      { secrets: ['whsec_correct horse battery staple'] },
      /it is not base64 after whsec_/,
    ],
    ['a secret without its prefix', { secrets: [secret.slice(6)] }, /it is not base64 after whsec_/],
    ['no secret', { secrets: [] }, /at least one secret/],
    ['a secret for Teams', { format: 'teams' }, /must be omitted for the format 'teams'/],
    [
      'an unknown type',
      { types: ['submission.ended', 'device.ended' as never] },
      /`types` must be one of 'submission.ended'.*got "device.ended"/,
    ],
    ['no type', { types: [] }, /Omit it to receive all/],
    ['an unknown format', { format: 'xml' as never }, /`format` must be one of 'standard', 'teams'/],
    ['a name with a space', { name: 'help desk' }, /`name` must be a name of at most 60/],
    ['an unknown option', { token: 'x' } as never, /`token` is not an option/],
  ])('%s', async (_, wrong, message) => {
    const error = await tracker.setWebhook({ ...good, ...wrong }).catch((thrown: unknown) => thrown as Error)
    expect(error).toMatchObject({ name: 'InvalidArgumentError', message: expect.stringMatching(message) })
    expect((error as Error).message).not.toMatch(/hunter2|horse/)
    for (const one of wrong.secrets ?? []) expect((error as Error).message).not.toContain(one.slice(6))
    expect(await tracker.listWebhooks()).toEqual([])
  })
})

test('a list shows neither secrets nor the query of an address', async () => {
  const tracker = trackerOn(await freshDatabase(), fastEmulator())
  const url = 'https://flows.example.com/workflows/7/invoke?api-version=1&sig=Zm9vYmFy'
  const shown = await tracker.setWebhook({ name: 'teams', url, format: 'teams', types: ['submission.ended'] })
  await tracker.setWebhook(good)
  const webhooks = await tracker.listWebhooks()
  expect(webhooks).toEqual([
    {
      name: 'helpdesk',
      url: 'https://example.com/hook',
      format: 'standard',
      secretCount: 1,
      createdAt: expect.any(String),
      pending: 0,
      dead: 0,
    },
    {
      name: 'teams',
      url: 'https://flows.example.com/workflows/7/invoke?…',
      format: 'teams',
      secretCount: 0,
      types: ['submission.ended'],
      createdAt: expect.any(String),
      pending: 0,
      dead: 0,
    },
  ])
  expect(shown).toEqual(webhooks[1])
  for (const hidden of ['Zm9vYmFy', secret.slice(6, 20)])
    expect(JSON.stringify(webhooks)).not.toContain(hidden)
})

test('a webhook that does not exist is refused, and the message names those that do', async () => {
  const tracker = trackerOn(await freshDatabase(), fastEmulator())
  await expect(tracker.testWebhook('desk')).rejects.toThrow(/no webhook desk.*It has none: set one/)
  await tracker.setWebhook(good)
  await expect(tracker.removeWebhook('desk')).rejects.toThrow(/no webhook desk.*It has helpdesk\./)
  await expect(all(tracker.listNotifications({ webhook: 'desk' }))).rejects.toThrow(/no webhook desk/)
  await expect(all(tracker.listNotifications({ state: 'lost' as never }))).rejects.toThrow(
    /`state` must be one of/,
  )
  await expect(tracker.redeliverNotification(randomUUID())).rejects.toThrow(/does not exist in this database/)
  await tracker.removeWebhook('helpdesk')
  expect(await tracker.listWebhooks()).toEqual([])
})

test('all trackers of a database share a webhook, and one that is set again replaces it', async () => {
  const database = await freshDatabase()
  const first = makeTracker(database, fastEmulator())
  await first.setWebhook(good)
  await first.close()
  const second = trackerOn(database, fastEmulator())
  await second.setWebhook({ ...good, url: 'https://example.org/', secrets: [secret, newSecret()] })
  expect(await second.listWebhooks()).toMatchObject([{ url: 'https://example.org/', secretCount: 2 }])
})

test('a test is signed with each secret, so that a receiver with either accepts it while they are rotated', async () => {
  const receiver = await startReceiver()
  const next = newSecret(64)
  const tracker = trackerOn(await freshDatabase(), fastEmulator())
  await tracker.setWebhook({ name: 'helpdesk', url: receiver.url, secrets: [next, receiver.secret] })
  const { notificationId, ...result } = await tracker.testWebhook('helpdesk')
  expect(result).toEqual({ isDelivered: true, status: 204 })
  const [{ body, headers, id, notification } = {} as never] = receiver.received
  expect(id).toBe(notificationId)
  expect(notification).toMatchObject({ version: 1, type: 'webhook.test', data: { webhook: 'helpdesk' } })
  expect(new Webhook(next).verify(body, headers as Record<string, string>)).toEqual(notification)
  expect(() => new Webhook(newSecret()).verify(body, headers as Record<string, string>)).toThrow(
    /No matching signature/,
  )
})

test('a test reports a redirect, which is not followed, and an address where nobody listens', async () => {
  const receiver = await startReceiver()
  const tracker = trackerOn(await freshDatabase(), fastEmulator())
  const url = `${receiver.url}?sig=Zm9vYmFy`
  await tracker.setWebhook({ name: 'helpdesk', url, secrets: [receiver.secret] })
  receiver.respond = (_, response) => void response.writeHead(307, { location: '/other?sig=Zm9vYmFy' }).end()
  const redirected = await tracker.testWebhook('helpdesk')
  expect(redirected).toMatchObject({
    isDelivered: false,
    status: 307,
    error:
      'The receiver responded with 307. Redirects are not followed: set the address that it redirects to.',
  })
  expect(receiver.received).toHaveLength(1)
  await receiver.stop()
  const unreachable = await tracker.testWebhook('helpdesk')
  expect(unreachable).toMatchObject({
    isDelivered: false,
    error: 'The receiver cannot be reached (ECONNREFUSED). Check the address, and that it is running.',
  })
  expect(unreachable).not.toHaveProperty('status')
  expect(JSON.stringify([redirected, unreachable])).not.toContain('Zm9vYmFy')
})
