import * as fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'

import { elapse, json, moveTime, partner, statusPath, text, waits } from '../helpers.ts'

beforeEach(moveTime)
afterEach(() => {
  vi.restoreAllMocks()
  vi.useRealTimers()
})

const now = Date.UTC(2026, 0, 5, 12)
const ownBackoff = 500

/** The first wait after a response with these headers. */
async function waitAfter(headers: Record<string, string>): Promise<number | undefined> {
  vi.spyOn(Math, 'random').mockReturnValue(0)
  const controller = new AbortController()
  let delayMs: number | undefined
  const { call } = partner(text(503, null, headers), {
    timeoutMs: Infinity,
    observe(event) {
      if (event.type !== 'wait') return
      delayMs = event.delayMs
      controller.abort()
    },
  })
  await call(statusPath, { signal: controller.signal }).catch(() => undefined)
  return delayMs
}

describe.each(['UTC', 'Asia/Taipei', 'America/Los_Angeles'])('Retry-After, under TZ=%s', (zone) => {
  const before = process.env.TZ
  beforeEach(() => {
    process.env.TZ = zone
    expect(new Date(now).getTimezoneOffset()).toBe({ UTC: 0, 'Asia/Taipei': -480 }[zone] ?? 480)
  })
  afterEach(() => {
    if (before === undefined) delete process.env.TZ
    else process.env.TZ = before
  })

  test.each<[string, number]>([
    ['0', 0],
    ['57', 57_000],
    ['1.5', 1_500],
    ['1.25', 1_250],
    ['  7  ', 7_000],
    ['00012', 12_000],
    ['Mon, 05 Jan 2026 12:00:57 GMT', 57_000],
    ['Mon,  05 Jan 2026 12:00:57 GMT', 57_000],
    ['Monday, 05-Jan-26 12:00:57 GMT', 57_000],
    ['Monday, 05-Jan-2026 12:00:57 GMT', 57_000],
    ['Mon Jan  5 12:00:57 2026', 57_000],
    ['Mon Jan 12 12:00:00 2026', 7 * 86_400_000],
    ['Mon, 05 Jan 2026 11:00:00 GMT', 0],
    ['Sun, 06 Nov 1994 08:49:37 GMT', 0],
    ['Sunday, 06-Nov-94 08:49:37 GMT', 0],
    ['Sun Nov  6 08:49:37 1994', 0],
  ])('"%s" is a wait of %i ms, without jitter', async (value, delayMs) => {
    expect(await waitAfter({ 'Retry-After': value })).toBe(delayMs)
  })
})

describe('Retry-After', () => {
  test.each([
    '',
    '-5',
    '-0',
    '5s',
    'soon, later',
    '5 5',
    '--5',
    '0x10',
    '1e3',
    'soon',
    'NaN',
    'Infinity',
    'Mon',
    'Mon, 99 Foo 2026',
    '2026-01-05T12:00:57Z',
    '57; GMT',
    'next Mon, 05 Jan 2026 12:00:57 GMT',
    'Mon, 05 Jan 2026 12:00:57 +0800',
  ])('"%s" has no meaning: our own backoff applies', async (value) => {
    expect(await waitAfter({ 'Retry-After': value })).toBe(ownBackoff)
  })

  test.each<[string, number]>([
    ['2, 2', 2_000],
    ['1, 3', 3_000],
    ['3,1', 3_000],
    ['57, 30, 1.5', 57_000],
    ['+5', 5_000],
    ['-5, 3', 3_000],
    ['soon, 3', 3_000],
    ['Mon, 05 Jan 2026 12:00:57 GMT, Mon, 05 Jan 2026 12:00:30 GMT', 57_000],
    ['Monday, 05-Jan-26 12:00:30 GMT, Mon Jan  5 12:00:57 2026', 57_000],
    ['Mon, 05 Jan 2026 12:00:57 GMT, 10', 57_000],
    ['10, Mon, 05 Jan 2026 12:00:57 GMT', 57_000],
    ['99, 05', 99_000],
  ])(
    'sent twice, as "%s", or with a stray sign counts as the largest of its values',
    async (value, delayMs) => {
      expect(await waitAfter({ 'Retry-After': value })).toBe(delayMs)
    },
  )

  test.each(['99999999999', '9'.repeat(400), 'Fri, 31 Dec 9999 23:59:59 GMT'])(
    '"%s" is longer than any timeout: the response is returned immediately',
    async (value) => {
      const { call, sent } = partner(text(503, null, { 'Retry-After': value }))
      expect((await call(statusPath)).status).toBe(503)
      expect(sent).toHaveLength(1)
    },
  )

  test('is measured from the Date of the response, so that a wrong local clock is harmless', async () => {
    const headers = { Date: 'Mon, 05 Jan 2026 10:00:00 GMT', 'Retry-After': 'Mon, 05 Jan 2026 10:00:09 GMT' }
    expect(await waitAfter(headers)).toBe(9_000)
  })

  test('is obeyed even beyond `maxDelayMs`', async () => {
    expect(await waitAfter({ 'Retry-After': '90' })).toBe(90_000)
  })

  test('of a response that is not retried changes nothing', async () => {
    const { call, sent } = partner(text(404, null, { 'Retry-After': '1' }))
    await call(statusPath)
    expect(sent).toHaveLength(1)
  })

  test('never makes the wait negative or NaN, and never shortens the requested seconds', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.nat().map(String),
          fc.date({ noInvalidDate: true }).map((date) => date.toUTCString()),
          fc.string({ unit: fc.constantFrom(...'0123456789-+. :,MonGTJadeFb'.split('')) }),
        ),
        async (value) => {
          const delayMs = await waitAfter({ 'Retry-After': value })
          if (/^\d+$/.test(value.trim())) expect(delayMs).toBe(Number(value) * 1_000)
          if (delayMs !== undefined) expect(delayMs).toBeGreaterThanOrEqual(0)
        },
      ),
      { numRuns: 200 },
    )
  })
})

describe("the gateway's sentence", () => {
  const throttled = (message: string, headers = {}) => json(429, { statusCode: 429, message }, headers)
  const firstWait = async (answer: ReturnType<typeof json>): Promise<number | undefined> => {
    vi.spyOn(Math, 'random').mockReturnValue(0)
    const { call, events } = partner([answer, text(204, null)])
    await elapse(call(statusPath))
    return waits(events)[0]
  }

  test('is obeyed on a 429 without a Retry-After header', async () => {
    expect(await firstWait(throttled('Rate limit is exceeded. Try again in 57 seconds.'))).toBe(57_000)
    expect(await firstWait(throttled('Rate limit is exceeded. Try again in 1 second.'))).toBe(1_000)
  })

  test('yields to the header', async () => {
    expect(await firstWait(throttled('Try again in 57 seconds.', { 'Retry-After': '3' }))).toBe(3_000)
  })

  test('is ignored with any other status, and is not found in other text', async () => {
    expect(await firstWait(json(503, { message: 'Try again in 57 seconds.' }))).toBe(ownBackoff)
    expect(await firstWait(throttled('Slow down.'))).toBe(ownBackoff)
  })
})
