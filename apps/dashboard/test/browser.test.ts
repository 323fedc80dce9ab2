/** What service desk staff do, in a real Chromium. */
import { readFile } from 'node:fs/promises'

import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'

import { splitFirstSentence } from '../src/language/first-sentence.ts'
import type { Language } from '../src/language/languages.ts'
import { languages } from '../src/language/languages.ts'
import { texts } from '../src/language/translate.ts'
import { chooseFile, executablePath, hasBrowser, openBrowser, openPage } from './browser.ts'
import {
  close,
  csv,
  customerId,
  devices,
  listen,
  makeDashboard,
  otherCustomerId,
  startAnother,
  startDashboard,
  uploaded,
} from './helpers.ts'
import type { TestDashboard } from './helpers.ts'

let browser: Browser
let shared: Awaited<ReturnType<typeof makeDashboard>>
beforeAll(async () => {
  if (!hasBrowser) return
  browser = await openBrowser()
  shared = await makeDashboard()
})
afterAll(async () => {
  await browser?.close()
  await shared?.stop()
})

test.runIf(process.env['EVERY_RUNTIME'])('Chromium is there', () => {
  expect(hasBrowser, `${executablePath}, or CHROMIUM`).toBe(true)
})

async function open({ url }: TestDashboard, options: BrowserContextOptions = {}): Promise<Page> {
  const { page, errors } = await openPage(browser, url, options)
  onTestFinished(async () => {
    await page.context().close()
    expect(errors).toEqual([])
  })
  return page
}

const rows = ['FD-1,Contoso,Laptop 3', 'EMU808-2,Contoso,Laptop 3', 'EMU640-3,Contoso,Laptop 3']

describe.runIf(hasBrowser)('a device file', () => {
  test('is checked, uploaded, tracked live, explained, and its retryable devices are resubmitted', async () => {
    // The upload stays in progress until the test lets it end.
    const dashboard = await startDashboard({ timeScale: 0 })
    const page = await open(dashboard)
    await chooseFile(page, { text: csv(...rows, '1.2E+11,Contoso,Laptop 3'), customer: customerId })
    await page.getByRole('heading', { name: '1 row cannot be sent' }).waitFor()
    await page.getByRole('cell', { name: /1\.2E\+11.*a spreadsheet read the digits/ }).waitFor()
    expect(dashboard.emulator.requests.map(({ operation }) => operation)).not.toContain('createDeviceBatch')

    await page.getByRole('button', { name: 'Upload 3 devices, skip 1 row' }).click()
    await page.getByRole('link', { name: 'See each device' }).click()
    await page.getByText('In progress').first().waitFor()
    dashboard.emulator.clock.advance(60_000)
    // Nobody reloads: the page follows by itself.
    await page.getByText('Some failed', { exact: true }).waitFor()
    await page
      .getByRole('heading', { name: '1 device The device is registered to another organization.' })
      .waitFor()
    await page
      .locator('#causes')
      .getByText('Ask that organization, the manufacturer or Microsoft support to deregister it')
      .waitFor()
    await expect.poll(() => page.locator('#announcement').textContent()).toMatch(/of 3 devices failed/)

    const downloading = page.waitForEvent('download')
    await page.getByRole('link', { name: 'Download results (CSV)' }).click()
    const download = await downloading
    expect(download.suggestedFilename()).toBe('Front desk results (emulator).csv')
    const lines = (await readFile(await download.path(), 'utf8')).trim().split('\r\n')
    expect(lines).toHaveLength(4)
    expect(lines.join()).toContain('EMU808-2')

    // The button is with the cause that it helps with.
    await page
      .getByRole('listitem')
      .filter({ hasText: 'Submit the device again.' })
      .getByRole('button', { name: 'Resubmit 1 device' })
      .click()
    await page.getByRole('heading', { name: 'Upload to Front desk Retry' }).waitFor()
    await page.getByRole('link', { name: 'the earlier upload' }).waitFor()
    await page.getByRole('link', { name: 'See each device' }).click()
    await page.getByRole('row', { name: /EMU640-3/ }).waitFor()
    expect(await page.getByRole('row').count()).toBe(2)
  })

  test('is dropped on its field', async () => {
    const page = await open(shared)
    await page.goto('/uploads/new')
    const data = await page.evaluateHandle(
      (text) => {
        const transfer = new DataTransfer()
        transfer.items.add(new File([text], 'dropped.csv', { type: 'text/csv' }))
        return transfer
      },
      csv(...rows),
    )
    await page.locator('[data-drop]').dispatchEvent('drop', { dataTransfer: data })
    await page.getByLabel('Customer (name or tenant ID)').fill(customerId)
    await page.getByLabel('Batch', { exact: true }).fill('Dropped')
    await page.getByRole('button', { name: 'Check the file' }).click()
    await page.getByText('dropped.csv').waitFor()
    await page.getByRole('button', { name: 'Upload 3 devices' }).waitFor()
  })

  test('that is too large is told before it is sent', async () => {
    const page = await open(shared)
    await page.goto('/uploads/new')
    await page.getByLabel('Device list').evaluate((input: HTMLInputElement) => {
      const transfer = new DataTransfer()
      transfer.items.add(new File([new Uint8Array(51_000_000)], 'large.csv'))
      input.files = transfer.files
      input.dispatchEvent(new Event('change'))
    })
    const message = page
      .getByLabel('Device list')
      .evaluate((input: HTMLInputElement) => input.validationMessage)
    expect(await message).toContain('The file is larger than 50\u00a0MB.')
  })

  test('that a proxy gave up on stays chosen, with what to do', async () => {
    const page = await open(shared)
    await page.route('**/uploads/check', (route) =>
      route.fulfill({ status: 504, body: '<h1>Gateway Timeout</h1>' }),
    )
    await chooseFile(page, { text: csv(...rows), customer: customerId })
    await page.getByText('The file could not be sent to the dashboard.').waitFor()
    expect(await page.getByLabel('Batch', { exact: true }).inputValue()).toBe('Front desk')
    await page.unroute('**/uploads/check')
    await page.getByRole('button', { name: 'Check the file' }).click()
    await page.getByRole('heading', { name: 'Check before uploading' }).waitFor()
  })

  test('goes all the way without JavaScript and with the keyboard alone', async () => {
    const page = await open(shared, { javaScriptEnabled: false })
    await page.goto('/')
    const press = async (name: string, key = 'Enter'): Promise<void> => {
      for (let steps = 0; steps < 60; steps++) {
        await page.keyboard.press('Tab')
        const focused = page.locator(':focus')
        const text = (await focused.count()) === 1 ? await focused.innerText() : ''
        if (text.trim() === name) return await page.keyboard.press(key)
      }
      throw new Error(`${name} is not reached by Tab.`)
    }
    await press('New upload')
    await page.getByRole('heading', { name: 'New upload' }).waitFor()
    await page.getByLabel('Customer (name or tenant ID)').focus()
    await page.keyboard.type(customerId)
    await page.keyboard.press('Tab')
    await page.keyboard.type('By keyboard')
    await page.keyboard.press('Tab')
    // The dialogue of the system is not part of the page.
    await page
      .locator(':focus')
      .setInputFiles({ name: 'devices.csv', mimeType: 'text/csv', buffer: Buffer.from(csv(...rows)) })
    await press('Check the file')
    await page.getByRole('heading', { name: 'Check before uploading' }).waitFor()
    await press('Upload 3 devices')
    await page.getByRole('heading', { name: 'Upload to By keyboard' }).waitFor()
    await expect
      .poll(async () => {
        await page.reload()
        return await page.getByText('Some failed').count()
      })
      .toBe(1)
    await press('See each device')
    await page.getByRole('heading', { name: 'What failed, and what to do' }).waitFor()
  })
})

describe.runIf(hasBrowser)('the list of uploads', () => {
  test('goes on where it was when the connection comes back, without a reload', async () => {
    const dashboard = await startAnother(shared, {})
    await uploaded(dashboard.tracker, 'Before', ['B1'])
    const page = await open(dashboard)
    await page.goto('/')
    await page.getByText('Live', { exact: true }).waitFor()
    await page.evaluate(() => ((window as { mark?: string }).mark = 'same page'))

    await close(dashboard.server)
    await page.getByText('Connection lost. Reconnecting …').waitFor()
    await uploaded(dashboard.tracker, 'Meanwhile', ['M1'])
    expect(await page.getByRole('link', { name: 'Meanwhile' }).count()).toBe(0)

    const again = await listen(dashboard.fetch, dashboard.port)
    onTestFinished(() => close(again.server))
    await page.getByRole('link', { name: 'Meanwhile' }).waitFor()
    await page.getByText('Live', { exact: true }).waitFor()
    expect(await page.evaluate(() => (window as { mark?: string }).mark)).toBe('same page')
  })

  test('leaves the connection to others while nobody sees it, and catches up when somebody does', async () => {
    const dashboard = await startAnother(shared, {})
    const page = await open(dashboard)
    await page.goto('/')
    await page.getByText('Live', { exact: true }).waitFor()
    const setHidden = (hidden: boolean) =>
      page.evaluate((isHidden) => {
        Object.defineProperty(document, 'hidden', { value: isHidden, configurable: true })
        document.dispatchEvent(new Event('visibilitychange'))
      }, hidden)
    const openConnections = () =>
      new Promise<number>((resolve) => dashboard.server.getConnections((_, count) => resolve(count)))
    await setHidden(true)
    // What the browser keeps for later requests ends by itself.
    await expect.poll(openConnections).toBe(0)
    await uploaded(dashboard.tracker, 'While hidden', ['H1'])
    expect(await page.getByRole('link', { name: 'While hidden' }).count()).toBe(0)
    await setHidden(false)
    await page.getByRole('link', { name: 'While hidden' }).waitFor()
  })

  describe('a notification when an upload ends', () => {
    /** The page of an upload that runs until the test lets it end, and what the browser was asked to show. */
    async function openRunning(permissions: string[]) {
      const dashboard = await startDashboard({ timeScale: 0 })
      const { submissionId } = await dashboard.tracker.submit({
        customerId,
        batchId: 'Front desk',
        devices: devices('A1'),
      })
      for await (const { type } of dashboard.tracker.events()) if (type === 'upload.tracked') break
      const page = await open(dashboard, { permissions })
      await page.addInitScript(() => {
        const shown: object[] = []
        Object.assign(window, { shown })
        window.Notification = class extends Notification {
          constructor(title: string, options?: NotificationOptions) {
            super(title, options)
            const one = { title, body: options?.body, isShown: false }
            shown.push(one)
            this.addEventListener('show', () => (one.isShown = true))
          }
        }
      })
      await page.goto(`/submissions/${submissionId}`)
      await page.getByText('Live', { exact: true }).waitFor()
      return {
        page,
        shown: () => page.evaluate(() => (window as unknown as { shown: object[] }).shown),
        hide: () =>
          page.evaluate(() => {
            Object.defineProperty(document, 'hidden', { value: true, configurable: true })
            document.dispatchEvent(new Event('visibilitychange'))
          }),
        end: () => dashboard.emulator.clock.advance(60_000),
        connections: () =>
          new Promise<number>((resolve) => dashboard.server.getConnections((_, count) => resolve(count))),
      }
    }
    const title = 'Upload to Front desk – Device uploads'
    const on = {
      title,
      body: 'You will be notified when it ends, as long as this page stays open.',
      isShown: true,
    }

    test('comes while the page is hidden, after a click, and the page then leaves its connection to others', async () => {
      const { page, shown, hide, end, connections } = await openRunning(['notifications'])
      expect(await shown()).toEqual([])
      const button = page.getByRole('button', { name: 'Notify me when it ends' })
      await button.click()
      await page.getByText('You will be notified when it ends').waitFor()
      expect(await button.isVisible()).toBe(false)
      await expect.poll(shown).toEqual([on])
      await hide()
      end()
      await expect
        .poll(shown)
        .toEqual([on, { title, body: 'Accepted. 1 of 1 request finished.', isShown: true }])
      await expect.poll(connections).toBe(0)
    })

    test('does not come while somebody looks at the page, whose button goes', async () => {
      const { page, shown, end } = await openRunning(['notifications'])
      await page.getByRole('button', { name: 'Notify me when it ends' }).click()
      await expect.poll(shown).toEqual([on])
      end()
      await page.getByText('Registered').waitFor()
      expect(await page.locator('#notify').count()).toBe(0)
      expect(await shown()).toEqual([on])
    })

    test('that the browser blocks is said, with what to do', async () => {
      const { page, shown } = await openRunning([])
      await page.getByRole('button', { name: 'Notify me when it ends' }).click()
      await page.getByText('Your browser blocks notifications from this site.').waitFor()
      expect(await shown()).toEqual([])
    })
  })

  test('keeps the focus where it is while it changes', async () => {
    const dashboard = await startAnother(shared, {})
    await uploaded(dashboard.tracker, 'First', ['F1'])
    const page = await open(dashboard)
    await page.goto('/')
    await page.getByText('Live', { exact: true }).waitFor()
    await page.getByRole('link', { name: 'First' }).focus()
    await uploaded(dashboard.tracker, 'Second', ['S1'])
    await page.getByRole('link', { name: 'Second' }).waitFor()
    expect(await page.evaluate(() => document.activeElement?.textContent?.trim())).toBe('First')
  })
})

describe.runIf(hasBrowser)('in every language', () => {
  test.each(Object.entries(languages))('%s is chosen, kept, and said throughout', async (language, name) => {
    const said = texts[language as keyof typeof texts]
    const dashboard = await startAnother(shared, {})
    const id = await uploaded(dashboard.tracker, 'Front desk', ['FD-1', 'EMU808-2'])
    const page = await open(dashboard, { locale: 'de-DE' })
    await page.goto('/')
    expect(await page.getAttribute('html', 'lang')).toBe('en')
    // Without a button: the page comes again by itself.
    await page.getByLabel('Language').selectOption(name)
    await page.locator(`html[lang="${language}"]`).waitFor()
    for (const [path, title] of [
      ['/', said['uploads.title']],
      ['/uploads/new', said['new.title']],
      ['/statistics', said['statistics.title']],
      ['/nothing', said['error.notFound.title']],
    ] as const) {
      await page.goto(path)
      expect(await page.getAttribute('html', 'lang')).toBe(language)
      expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe(title)
    }
    await page.goto(`/customers/${customerId}/uploads/${id}`)
    await page.locator('#causes').waitFor()
    const text = await page.locator('main').innerText()
    const [todo, details] = splitFirstSentence(said['cause.808.remedy'], language as Language)
    expect(details).not.toBe('')
    expect(text).toContain(`${said['causes.remedy']} ${todo}\n\n${details}`)
    if (language !== 'en') expect(text).not.toMatch(/\b(device|failed|registered)\b/i)
  })

  test('the language that the browser asks for is the first', async () => {
    const dashboard = await startAnother(shared, {})
    for (const [locale, language] of [
      ['cs-CZ', 'cs'],
      ['pt-BR', 'pt-PT'],
      ['zh-Hant-HK', 'zh-TW'],
      ['zh-CN', 'en'],
      ['de-DE', 'en'],
    ] as const) {
      const page = await open(dashboard, { locale })
      await page.goto('/')
      expect(await page.getAttribute('html', 'lang')).toBe(language)
    }
  })
})

describe.runIf(hasBrowser)('everybody', () => {
  test('sees on a phone, without scrolling, what failed and what to do', async () => {
    const serialNumbers = ['FD-1', 'EMU808-2', 'EMU640-3', 'EMUUNKNOWN-4']
    const batchTrackingId = await uploaded(shared.tracker, 'Everybody', serialNumbers)
    const page = await open(shared, { viewport: { width: 390, height: 844 } })
    await page.goto(`/customers/${customerId}/uploads/${batchTrackingId}`)
    for (const text of ['2 of 4 devices failed', 'What to do:']) {
      const box = await page.getByText(text).first().boundingBox()
      expect(box!.y + box!.height, text).toBeLessThan(844)
    }
    const [result, name] = [page.locator('tbody .result').first(), page.locator('tbody .name').first()]
    expect((await result.boundingBox())!.y).toBeLessThan((await name.boundingBox())!.y)
    expect(await result.innerText()).toBe('Failed')
  })

  test('chooses, filters and resubmits without JavaScript', async () => {
    const id = await uploaded(shared.tracker, 'Without script', ['WS-1', 'EMU640-2'])
    const page = await open(shared, { javaScriptEnabled: false })
    await page.goto('/')
    await page.getByLabel('Language').selectOption('Čeština')
    await page.getByRole('button', { name: 'Change' }).click()
    await page.locator('html[lang=cs]').waitFor()
    await page.getByLabel('Jazyk').selectOption('English')
    await page.locator('.preferences button').click()
    await page.getByText('Filter by customer').click()
    await page.getByLabel('Customer (tenant ID)').fill(otherCustomerId)
    await page.getByRole('button', { name: 'Filter' }).click()
    await page.getByText('No uploads match this filter.').waitFor()
    await page.goto(`/customers/${customerId}/uploads/${id}`)
    await page.getByRole('button', { name: 'Resubmit 1 device' }).click()
    await page.getByRole('heading', { name: 'Upload to Without script Retry' }).waitFor()
  })

  test('skips the navigation with the keyboard, and reaches whatever can be done with an upload', async () => {
    const id = await uploaded(shared.tracker, 'By Tab', ['BT-1', 'EMU812-2'])
    const page = await open(shared)
    await page.goto(`/customers/${customerId}/uploads/${id}`)
    await page.keyboard.press('Tab')
    expect(await page.locator(':focus').innerText()).toBe('Skip to content')
    await page.keyboard.press('Enter')
    await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe('main')
    const reached: string[] = []
    for (let steps = 0; steps < 7; steps++) {
      await page.keyboard.press('Tab')
      reached.push((await page.locator(':focus').innerText()).replaceAll(/\s+/g, ' '))
    }
    expect(reached).toEqual([
      'Show these devices',
      'Show these devices',
      'Download results (CSV)',
      'All 2',
      'Failed 1',
      'Registered 1',
      'View the submission',
    ])
  })

  test('chooses a theme, which stays', async () => {
    const page = await open(shared, { colorScheme: 'light' })
    const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor)
    await page.goto('/')
    const light = await ground()
    await page.getByLabel('Theme').selectOption('Dark theme')
    await page.locator('html[data-theme=dark]').waitFor()
    const dark = await ground()
    expect(dark).not.toBe(light)
    await page.goto('/statistics')
    expect(await ground()).toBe(dark)
  })
})
