/** The page between the file and the upload. */
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest'

import { maxFileRows } from '../src/http/limits.ts'
import { languages } from '../src/language/languages.ts'
import {
  csv,
  customerId,
  makeDashboard,
  request,
  startAnother,
  startDashboard,
  uploadForm,
} from './helpers.ts'

const header = 'Device Serial Number,Manufacturer name,Device model,Group Tag,Room'

let shared: Awaited<ReturnType<typeof makeDashboard>>
beforeAll(async () => {
  shared = await makeDashboard()
})
afterAll(() => shared.stop())

async function check(file: string, language = 'en'): Promise<string> {
  const headers = { 'Accept-Language': language }
  const body = uploadForm(file)
  const answer = await request(shared, '/uploads/check', { method: 'POST', body, headers })
  const page = await request(shared, answer.headers.get('Location')!, { headers })
  return page.text()
}

test('what is not sent from good rows is shown before the button, warnings first', async () => {
  const text = await check(`${header}\nA1,HP,EliteBook,Sales,1\nA2,HP,EliteBook,,2\n`)
  const warning = text.indexOf('<strong>Warning:</strong> 1 row has a group tag in the column')
  const note = text.indexOf('The column &quot;Room&quot; was not read; 2 rows have a value in it.')
  expect(warning).toBeGreaterThan(0)
  expect(note).toBeGreaterThan(warning)
  expect(text.indexOf('Upload 2 devices')).toBeGreaterThan(note)
})

test('in another language, the value that a spreadsheet changed is quoted without the English sentence', async () => {
  const columns = 'Device Serial Number,Manufacturer name,Device model'
  const text = await check(`${columns}\n1.2E+11,HP,EliteBook\n<b>#,HP\n`, 'cs')
  expect(text).toMatch(/Tabulkový program[^<]*<code>1\.2E\+11<\/code>/)
  expect(text).not.toContain('a spreadsheet read the digits')
  // Where the sentence says more, it stays.
  expect(text).toContain('<small lang="en">The row has 2 values')
})

test('rows with the same problem share a row of the table, which has all their lines', async () => {
  const bad = Array.from({ length: 6 }, () => '1.2E+11,HP,EliteBook').join('\n')
  const text = await check(`Device Serial Number,Manufacturer name,Device model\n${bad}\nA1,HP,M\nB2,,M\n`)
  const table = /<table[^]*?<\/table>/.exec(text)![0]
  expect(table.match(/<tr/g)).toHaveLength(3)
  expect(table.match(/a spreadsheet read the digits/g)).toHaveLength(1)
  expect(table.replaceAll(/\s+/g, ' ')).toContain(
    '2, 3, 4 <details> <summary>And 3 more.</summary> 5, 6, 7 </details>',
  )
  expect(text).toContain('7 rows cannot be sent')
  expect(text).toContain('upload the other rows without these')
})

test('the rows that are left out can be downloaded before and after the upload is submitted', async () => {
  const bad = Array.from({ length: 300 }, (_, at) => `S${at},HP,`).join('\n')
  const body = uploadForm(`Device Serial Number,Manufacturer name,Device model\n${bad}\nA1,HP,M\n`)
  const location = (await request(shared, '/uploads/check', { method: 'POST', body })).headers.get(
    'Location',
  )!
  const checked = await (await request(shared, location)).text()
  expect(checked).toContain('300 rows cannot be sent')
  expect(checked).toContain('And 100 more.')
  const [, href] = /href="([^"]+\.csv)" download/.exec(checked)!
  const file = await request(shared, href!)
  expect(file.headers.get('Content-Type')).toContain('text/csv')
  const rows = (await file.text()).trimEnd().split('\r\n').slice(1)
  expect(rows).toHaveLength(300)
  expect(rows[299]).toMatch(/^301,S299,,HP,,not sent,,not-identified,/)
  const sent = await request(shared, location, { method: 'POST' })
  const submission = await (await request(shared, sent.headers.get('Location')!)).text()
  expect(submission).toContain('300 rows of the file were not sent.')
  expect(submission).toContain(href)
})

test.each([
  ['UTF-16 without a byte order mark', Buffer.from('Serial Number,Model\nA1,M\n', 'utf16le'), 'Save it as'],
  [
    'accented letters of Windows',
    Buffer.from('Num\u00E9ro de s\u00E9rie,Mod\u00E8le\n', 'latin1'),
    'save the file as',
  ],
])(
  'a file in %s is refused with what to do, and not with an option that is not here',
  async (_, file, remedy) => {
    const body = uploadForm(new Blob([file]))
    const text = await (await request(shared, '/uploads/check', { method: 'POST', body })).text()
    expect(text).toContain(`${remedy} &quot;CSV UTF-8&quot;.`)
    expect(text).not.toContain('`')
  },
)

test('the rows that are left out have the delimiter of the file', async () => {
  const text = await check('Device Serial Number;Manufacturer name;Device model\nA1;HP;M\nC3;HP;\n')
  const [, href] = /href="([^"]+\.csv)" download/.exec(text)!
  expect(await (await request(shared, href!)).text()).toMatch(/^3;C3;;HP;;not sent;/m)
})

test('devices that are still in progress in another upload are counted, with a link to it', async () => {
  const dashboard = await startDashboard({ timeScale: 0 })
  const send = async (batchId: string, ...rows: string[]): Promise<string> => {
    const body = uploadForm(csv(...rows), { batchId })
    const answer = await request(dashboard, '/uploads/check', { method: 'POST', body })
    return answer.headers.get('Location')!
  }
  const pageOf = async (path: string): Promise<string> => await (await request(dashboard, path)).text()
  const first = await send('Front desk', 'A1,HP,M', 'A2,HP,M')
  expect(await pageOf(first)).not.toContain('still in progress')
  const submitted = await request(dashboard, first, { method: 'POST' })
  // It is not another upload than the one that this page has submitted.
  expect(await pageOf(first)).not.toContain('still in progress')

  const second = await pageOf(await send('Warehouse', 'A2,HP,M', 'A3,HP,M'))
  expect(second).toContain('1 of these devices is in an upload that is still in progress.')
  expect(second).toContain(`<a href="${submitted.headers.get('Location')}">Front desk</a>`)
  expect(second).toContain('Upload 2 devices')
  expect(await pageOf(await send('Warehouse', 'A3,HP,M'))).not.toContain('still in progress')
})

test('a file of bad rows is not said to have other rows', async () => {
  const text = await check('Device Serial Number,Manufacturer name,Device model\nA1,,\n')
  expect(text).toContain('No row of this file can be sent.')
  expect(text).not.toContain('upload the other rows')
})

test('a file with only a header is reported to have no rows', async () => {
  const text = await check('Device Serial Number,Manufacturer name,Device model\n')
  expect(text).toContain('The file has no rows below its header.')
  expect(text).not.toContain('can be sent')
})

test('a file that is read completely has no notes', async () => {
  const text = await check('Device Serial Number,Manufacturer name,Device model\nA1,HP,EliteBook\n')
  expect(text).toContain('Upload 1 device')
  expect(text).not.toContain('id="notes"')
})

test.each(Object.keys(languages).filter((language) => language !== 'en'))(
  '%s says it in its own words',
  async (language) => {
    const text = await check(
      `Devices\n${header}\nA1,HP,EliteBook,Sales,1\n${header}\nA2,HP,EliteBook,,2\n01-Mar,HP,M,,\n`,
      language,
    )
    const notes = /id="notes"[^]*?<\/section>/.exec(text)![0]
    expect(notes.match(/<p/g)).toHaveLength(4)
    for (const word of ['Group Tag', 'Room']) expect(notes).toContain(word)
    expect(notes).not.toMatch(/\b(row|column|header|line)s?\b/)
    expect(text).toContain('<code>01-Mar</code>')
  },
)

test.each([
  ['customer', { customer: 'Nobody Ltd' }, 'id="customerId-error"'],
  ['name of the batch', { batchId: 'a/b' }, 'id="batchId-error"'],
])('a wrong %s does not lose the file', async (_, wrong, error) => {
  const body = uploadForm(csv('A1,HP,EliteBook'), wrong)
  const refused = await request(shared, '/uploads/check', { method: 'POST', body })
  expect(refused.status).toBe(422)
  const text = await refused.text()
  expect(text).toContain(error)
  expect(text).toContain('“devices.csv” is ready to check.')
  const again = new FormData()
  again.set('customerId', customerId)
  again.set('batchId', 'Front desk')
  again.set('file', new Blob([]), '')
  again.set('kept', /name="kept" value="([^"]+)"/.exec(text)![1]!)
  const checked = await request(shared, '/uploads/check', { method: 'POST', body: again })
  expect(checked.status).toBe(303)
  expect(await (await request(shared, checked.headers.get('Location')!)).text()).toContain('Upload 1 device')
})

test('the rows of a file are read in slices, between which other work runs', async () => {
  let turns = 0
  let isOver = false
  const count = (): void => {
    turns++
    if (!isOver) setImmediate(count)
  }
  const rows = 10_000
  const body = uploadForm(csv(...Array.from({ length: rows }, () => '#N/A,,')))
  const request = new Request(`${shared.url}/uploads/check`, {
    method: 'POST',
    body,
    headers: { Origin: shared.url },
  })
  // Without a network, so that nothing else has to wait.
  count()
  const response = await shared.fetch(request)
  isOver = true
  expect(response.status).toBe(303)
  expect(turns).toBeGreaterThan(rows / 200)
})

test('a file is checked within 20 seconds when Partner Center does not respond, because no proxy waits for minutes', async () => {
  let requests = 0
  const fetch = async (_: unknown, init?: RequestInit): Promise<never> => {
    requests++
    return await new Promise((__, reject) =>
      init?.signal?.addEventListener('abort', () => reject(new Error())),
    )
  }
  const partner = { credential: () => 'token', fetch }
  const dashboard = await startAnother(shared, { partner })
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
  onTestFinished(() => void vi.useRealTimers())
  const body = uploadForm(csv('A1,HP,EliteBook'))
  const checking = request(dashboard, '/uploads/check', { method: 'POST', body })
  // The name of the customer, then whether the batch exists.
  for (const count of [1, 2]) {
    await expect.poll(() => requests).toBe(count)
    await vi.advanceTimersByTimeAsync(10_000)
  }
  const location = (await checking).headers.get('Location')!
  expect(await (await request(dashboard, location)).text()).toContain('You can submit the upload anyway')
})

test('a file with too many rows is refused with the maximum', async () => {
  const body = uploadForm(csv(...Array.from({ length: maxFileRows + 1 }, () => '#N/A,,')))
  const response = await request(shared, '/uploads/check', { method: 'POST', body })
  expect(response.status).toBe(422)
  const text = await response.text()
  expect(text).toContain('The file has more than 20,000 rows.')
  expect(text).toContain('At most 50\u00a0MB and 20,000 rows.')
})
