/** What the page between the file and the upload says of a file. */
import { afterAll, beforeAll, expect, test } from 'vitest'

import { languages } from '../src/language/languages.ts'
import { makeDashboard, request, uploadForm } from './helpers.ts'

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

test('what is not sent of good rows stands before the button, warnings first', async () => {
  const text = await check(`${header}\nA1,HP,EliteBook,Sales,1\nA2,HP,EliteBook,,2\n`)
  const warning = text.indexOf('<strong>Warning:</strong> 1 row has a group tag in the column')
  const note = text.indexOf('The column &quot;Room&quot; was not read; 2 rows have a value in it.')
  expect(warning).toBeGreaterThan(0)
  expect(note).toBeGreaterThan(warning)
  expect(text.indexOf('Upload 2 devices')).toBeGreaterThan(note)
})

test('a file of which all is read has no notes', async () => {
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
    expect(text).toContain('<small lang="en">The value is &quot;01-Mar&quot;')
  },
)
