/**
 * Everybody can use every page at every size: axe finds nothing, and no page is wider than the screen. `npm test` tries each
 * width and each theme once; `npm run test:pages` tries all of them together.
 */
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'

import { chooseFile, hasBrowser, judgePage, openBrowser, openPage } from './browser.ts'
import { csv, customerId, makeDashboard, startAnother, startDashboard, uploaded } from './helpers.ts'
import type { TestDashboard } from './helpers.ts'

type Size = readonly [theme: 'light' | 'dark', width: number]

const [themes, widths] = [['light', 'dark'] as const, [1280, 768, 390, 320]]
const isComplete = process.env['MODE'] === 'every-size'
const sizes: Size[] = isComplete
  ? widths.flatMap((width) => themes.map((theme) => [theme, width] as const))
  : widths.map((width, index) => [themes[index % 2]!, width] as const)

const token = 'a token of more than twenty characters'

describe.runIf(hasBrowser)('every page', () => {
  let browser: Browser
  let shared: Awaited<ReturnType<typeof makeDashboard>>
  let paths: string[]

  beforeAll(async () => {
    browser = await openBrowser()
    shared = await makeDashboard()
    const { emulator, tracker } = shared
    const url =
      'http://127.0.0.1:9/workflows/b8c2a7d0e4f14c1c9d3e5a6b7c8d9e0f/triggers/manual/paths/invoke?sig=s'
    await tracker.setWebhook({ name: 'helpdesk', format: 'teams', url, types: ['submission.ended'] })
    emulator.faults.add({ operation: 'createDeviceBatch', effect: { kind: 'answer', status: 403 } })
    const devices = [{ productKey: 'K' }]
    const { submissionId } = await tracker.submit({ customerId, batchId: 'Refused', devices })
    for await (const { type } of tracker.events()) if (type === 'submission.failed') break
    const id = await uploaded(tracker, 'Everybody', ['FD-1', 'EMU808-2', 'EMU640-3', 'EMUUNKNOWN-4'])
    const upload = `/customers/${customerId}/uploads/${id}`
    const retried = (await tracker.getUpload(id))!.submissionId!
    const retry = (await tracker.retryDevices(retried)).submissionId
    for await (const event of tracker.events()) {
      if (event.type === 'upload.ended' && event.submissionId === retry) break
    }
    paths = [
      '/',
      '/?show=failed',
      `/?show=stopped&customerId=${customerId}`,
      `/submissions/${submissionId}`,
      `/submissions/${retry}`,
      upload,
      `${upload}?outcome=succeeded`,
      `${upload}?outcome=unresolved`,
      '/statistics?range=day',
      '/statistics?range=quarter',
      '/search?serialNumber=emu',
      '/search?serialNumber=nothing',
      '/operations',
      '/uploads/new',
      '/uploads/check/none',
      '/nothing',
      '/%01',
    ]
  })
  afterAll(async () => {
    await browser?.close()
    await shared?.stop()
  })

  async function open({ url }: TestDashboard, [colorScheme, width]: Size): Promise<Page> {
    const { page, errors } = await openPage(browser, url, { colorScheme, viewport: { width, height: 800 } })
    onTestFinished(async () => {
      await page.context().close()
      expect(errors).toEqual([])
    })
    return page
  }

  test.each(sizes)('is usable in the %s theme at %i pixels', async (...size) => {
    const dashboard = await startAnother(shared, { emulated: true, token })
    const page = await open(dashboard, size)
    const judge = (what: string): Promise<void> => judgePage(page, what, size[1])
    await page.goto('/')
    await judge('sign-in')
    expect(await page.getByRole('navigation').count()).toBe(0)
    expect(await page.getByRole('search').count()).toBe(0)
    await page.getByLabel('Token').fill('wrong')
    await page.getByRole('button', { name: 'Sign in' }).click()
    await judge('sign-in, refused')
    await page.getByLabel('Token').fill(token)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('heading', { name: 'Uploads', exact: true }).waitFor()
    for (const path of paths) {
      await page.goto(path)
      for (const summary of await page.locator('summary').all()) await summary.click()
      await judge(path)
    }
    const customer = customerId
    await chooseFile(page, { text: csv('#N/A,Contoso,Laptop 3', 'FD-9,Contoso,Laptop 3'), customer })
    await page.getByRole('heading', { name: 'Check before uploading' }).waitFor()
    await judge('check')
    await chooseFile(page, { text: 'Name\nA\n', customer })
    await page.locator('#file-error').waitFor()
    await judge('an unreadable file')
    await chooseFile(page, { text: csv('FD-9,Contoso,Laptop 3'), customer: 'Nobody Ltd' })
    await page.locator('#customerId-error').waitFor()
    await judge('a wrong customer')
    const settings = { issuer: 'http://127.0.0.1:1', clientId: 'dashboard', clientSecret: 'secret' }
    const openId = { ...settings, publicUrl: dashboard.url }
    const team = await open(await startAnother(shared, { openId }), size)
    for (const path of ['/', '/sign-in/start', '/sign-in/callback']) {
      await team.goto(path)
      await judgePage(team, `${path} with an OpenID provider`, size[1])
    }
  })

  test.each(isComplete ? sizes : sizes.slice(-1))(
    'is usable in the %s theme at %i pixels when there is nothing yet',
    async (...size) => {
      const page = await open(await startDashboard(), size)
      for (const path of ['/', '/statistics', '/search?serialNumber=A1', '/uploads/new', '/operations']) {
        await page.goto(path)
        await judgePage(page, path, size[1])
      }
    },
  )
})
