/** What a team does with its own accounts, in a real Chromium: from the sign-in at the provider to the sign-out everywhere. */
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest'

import { freePort } from '../../../packages/conformance/shared/free-port.ts'
import { startReceiver } from '../../../packages/tracker/test/notifications/receiver.ts'
import { chooseFile, hasBrowser, judgePage, openBrowser, openPage } from './browser.ts'
import { csv, makeDashboard, uploaded } from './helpers.ts'
import { startProvider } from './openid.ts'
import type { TestProvider } from './openid.ts'

describe.runIf(hasBrowser)('a team', () => {
  let browser: Browser
  let provider: TestProvider
  let dashboard: Awaited<ReturnType<typeof makeDashboard>>

  beforeAll(async () => {
    // The provider has to know the address before the dashboard does.
    const port = await freePort()
    const publicUrl = `http://127.0.0.1:${port}`
    browser = await openBrowser()
    provider = await startProvider([publicUrl])
    const openId = provider.settings(publicUrl)
    dashboard = await makeDashboard({ port, publicUrl, openId, timeScale: 4 })
    provider.accounts.set('ana', { oid: 'oid-of-ana', name: 'Ana Silva', roles: ['operator'] })
    provider.accounts.set('cem', { oid: 'oid-of-cem', name: 'Cem Kaya', roles: ['reader'] })
  })
  afterAll(async () => {
    await browser?.close()
    await dashboard?.stop()
    await provider?.stop()
  })

  /** A browser of its own, signed in as this person at the provider and here. */
  async function signIn(account: string): Promise<Page> {
    const { page, errors } = await openPage(browser, dashboard.url)
    // The pages of the provider want a font from elsewhere.
    await page.route(/fonts\.googleapis/, (route) => route.abort())
    onTestFinished(async () => {
      await page.context().close()
      expect(errors).toEqual([])
    })
    await page.goto('/')
    await signInAtProvider(page, account)
    return page
  }

  async function signInAtProvider(page: Page, account: string): Promise<void> {
    await page.getByRole('link', { name: 'Sign in with your work account' }).click()
    await page.waitForURL((url) => url.origin === provider.issuer)
    await page.locator('[name=login]').fill(account)
    await page.locator('[name=password]').fill('any')
    await page.locator('[type=submit]').click()
    await page.waitForURL((url) => url.origin === dashboard.url)
  }

  test('uploads by the name of the customer, follows, retries, is notified, and signs out everywhere', async () => {
    const receiver = await startReceiver()
    const { url, secret } = receiver
    await dashboard.tracker.setWebhook({ name: 'desk', url, secrets: [secret] })
    const [desk, phone] = [await signIn('ana'), await signIn('ana')]
    await phone.getByText('Live', { exact: true }).waitFor()

    const rows = ['OI-1', 'EMU808-2', 'EMU640-3'].map((serialNumber) => `${serialNumber},Contoso,Laptop 3`)
    await chooseFile(desk, { text: csv(...rows), customer: 'Fabri', batch: 'By name' })
    await desk.getByText('Fabrikam').waitFor()
    await desk.getByRole('button', { name: 'Upload 3 devices' }).click()
    await desk.getByText('Ana Silva (oid-of-ana)').waitFor()
    const submissionId = desk.url().split('/').at(-1)
    await desk.getByRole('link', { name: 'See each device' }).click()
    await desk.getByText('Some failed', { exact: true }).waitFor()
    await desk.getByRole('heading', { name: /registered to another organization/ }).waitFor()

    await desk.getByRole('button', { name: 'Resubmit 1 device' }).click()
    await desk.getByRole('heading', { name: 'Upload to By name Retry' }).waitFor()
    await desk.getByText('Ana Silva (oid-of-ana)').waitFor()
    await desk.getByRole('link', { name: 'See each device' }).click()
    await desk.getByRole('row', { name: /EMU640-3/ }).waitFor()

    await expect
      .poll(() => receiver.received.map(({ notification }) => notification))
      .toContainEqual(
        expect.objectContaining({
          type: 'submission.ended',
          data: expect.objectContaining({ submissionId, batchId: 'By name', deviceCount: 3 }) as unknown,
        }),
      )

    await desk.getByRole('button', { name: 'Sign out' }).click()
    // The provider asks whether it should end its session too, and leads back.
    await desk.waitForURL((address) => address.origin === provider.issuer)
    await desk.getByRole('button', { name: 'Yes' }).click()
    await desk.waitForURL(`${dashboard.url}/sign-in`)
    // Nobody touches the other browser: its page notices by itself.
    await phone.getByRole('heading', { name: 'Sign in' }).waitFor()
    await phone.goto('/statistics')
    await phone.getByRole('heading', { name: 'Sign in' }).waitFor()
    // The provider has forgotten who it was.
    await signInAtProvider(desk, 'cem')
    await desk.getByText('Cem Kaya (read-only)').waitFor()
    const changes = dashboard.log.filter(({ level }) => level === 'info')
    expect(changes.map(({ event, by }) => `${event} ${by}`)).toEqual([
      'signed in: operator Ana Silva (oid-of-ana)',
      'signed in: operator Ana Silva (oid-of-ana)',
      'submitted Ana Silva (oid-of-ana)',
      'retried Ana Silva (oid-of-ana)',
      'signed out Ana Silva (oid-of-ana)',
      'signed in: reader Cem Kaya (oid-of-cem)',
    ])
  })

  test('has readers, who see everything and can submit nothing', async () => {
    const id = await uploaded(dashboard.tracker, 'Seen by all', ['SE-1', 'EMU640-2'])
    const page = await signIn('cem')
    await page.getByRole('link', { name: 'Seen by all' }).click()
    await page.getByRole('row', { name: /EMU640-2/ }).waitFor()
    expect(page.url()).toContain(id)
    expect(await page.getByRole('link', { name: 'New upload' }).count()).toBe(0)
    expect(await page.getByRole('button', { name: /Resubmit/ }).count()).toBe(0)
    await page.goto('/uploads/new')
    await page.getByRole('heading', { name: 'You have read-only access' }).waitFor()
    await page.getByText('Ask an administrator to assign you the app role “operator”').waitFor()
  })

  test('loses a role within ten minutes, in the open page, and is told which one to ask for', async () => {
    const page = await signIn('ana')
    await page.getByRole('link', { name: 'New upload' }).first().click()
    provider.accounts.set('ana', { name: 'Ana Silva' })
    vi.useFakeTimers({ toFake: ['Date'] })
    onTestFinished(() => void vi.useRealTimers())
    vi.setSystemTime(Date.now() + 10 * 60_000 + 1)
    await page.goto('/')
    await page.getByRole('link', { name: 'Sign in with your work account' }).click()
    await page.getByRole('heading', { name: 'You have no role in this dashboard' }).waitFor()
    await page.getByText('assign you the app role “reader”').waitFor()
    // As soon as an administrator has done so, the same page leads in: the provider still knows who it is.
    provider.accounts.set('ana', { name: 'Ana Silva', roles: ['reader'] })
    await page.getByRole('link', { name: 'Sign in with your work account' }).click()
    await page.getByText('Ana Silva (read-only)').waitFor()
  })

  test('with long names fits on a small screen', async () => {
    provider.accounts.set('long', {
      name: 'Wolfeschlegelsteinhausenbergerdorff'.repeat(4),
      roles: ['reader'],
    })
    const page = await signIn('long')
    await page.setViewportSize({ width: 320, height: 800 })
    await page.getByText(/Wolfeschlegel.*read-only/).waitFor()
    await judgePage(page, 'a long name', 320)
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.waitForURL((address) => address.origin === provider.issuer)
  })
})
