import { summarize } from '@devicebatch/client'
import { parsePartnerDate } from '@devicebatch/client/results'
import * as fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'

import { details } from '../helpers.ts'

describe.each(['UTC', 'Asia/Taipei', 'America/St_Johns'])('a time of the service, under TZ=%s', (zone) => {
  const before = process.env.TZ
  beforeEach(() => {
    process.env.TZ = zone
    expect(new Date(0).getTimezoneOffset()).toBe(
      { UTC: 0, 'Asia/Taipei': -480, 'America/St_Johns': 210 }[zone],
    )
  })
  afterEach(() => {
    if (before === undefined) delete process.env.TZ
    else process.env.TZ = before
  })

  test.each([
    ['2017-07-25T10:00:00', '2017-07-25T10:00:00.000Z'],
    ['2017-07-25T10:00:00Z', '2017-07-25T10:00:00.000Z'],
    ['2017-07-25t10:00:00z', '2017-07-25T10:00:00.000Z'],
    [' 2017-07-25T10:00:00 ', '2017-07-25T10:00:00.000Z'],
    ['2017-08-09T14:43:26.0092288-07:00', '2017-08-09T21:43:26.009Z'],
    ['2020-01-30T09:10:33.2417951+01:00', '2020-01-30T08:10:33.241Z'],
    ['2020-01-30T09:10:33.2417951+0100', '2020-01-30T08:10:33.241Z'],
    ['2020-01-30T09:10:33.9999999', '2020-01-30T09:10:33.999Z'],
    ['2020-01-30T09:10:33.5', '2020-01-30T09:10:33.500Z'],
    ['2020-01-30T09:10:33.05Z', '2020-01-30T09:10:33.050Z'],
    ['2024-02-29T23:59:59', '2024-02-29T23:59:59.000Z'],
    ['9999-12-31T23:59:59', '9999-12-31T23:59:59.000Z'],
    ['0002-01-01T00:00:00', '0002-01-01T00:00:00.000Z'],
  ])('%s is the instant %s', (text, instant) => {
    expect(parsePartnerDate(text)?.toISOString()).toBe(instant)
  })

  test.each([
    '0001-01-01T00:00:00',
    '0001-01-01T00:00:00Z',
    '0001-01-01T00:00:00.0000000',
    '0001-01-01T00:00:00+08:00',
    '',
    null,
    undefined,
    '2017-07-25',
    '2017-07-25 10:00:00',
    '2017-07-25T10:00',
    '25.07.2017 10:00:00',
    'Tue, 25 Jul 2017 10:00:00 GMT',
    '2017-13-25T10:00:00',
    '2017-02-30T10:00:00',
    '2023-02-29T10:00:00',
    '2017-07-25T25:00:00',
    '2017-07-25T10:61:00',
    '2017-07-25T10:00:00+99:99',
    '1500976800000',
    5 as never,
    {} as never,
    [] as never,
  ])('%j is none', (text) => {
    expect(parsePartnerDate(text)).toBeUndefined()
  })

  test('is the right instant, in every format and zone', () => {
    fc.assert(
      fc.property(
        fc.date({
          noInvalidDate: true,
          min: new Date('0002-01-02T00:00:00Z'),
          max: new Date('9999-12-30T00:00:00Z'),
        }),
        fc.integer({ min: -14 * 60, max: 14 * 60 }),
        fc.string({ unit: fc.constantFrom(...'0123456789'.split('')), maxLength: 4 }),
        fc.constantFrom('', 'Z', 'offset'),
        (date, minutes, moreDigits, form) => {
          const two = (value: number): string => String(Math.floor(Math.abs(value))).padStart(2, '0')
          const offset = `${minutes < 0 ? '-' : '+'}${two(minutes / 60)}:${two(minutes % 60)}`
          const shown = form === 'offset' ? new Date(date.getTime() + minutes * 60_000) : date
          const text = shown.toISOString().slice(0, -1) + moreDigits + (form === 'offset' ? offset : form)
          expect(parsePartnerDate(text)?.getTime()).toBe(date.getTime())
        },
      ),
      { numRuns: 300 },
    )
  })

  test('is an instant or none, whatever it is read from', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.string({ unit: fc.constantFrom(...'0123456789-:T.Z+'.split('')) }),
          fc.jsonValue(),
        ),
        (value) => {
          const date = parsePartnerDate(value as string)
          expect(date === undefined || !Number.isNaN(date.getTime())).toBe(true)
        },
      ),
      { numRuns: 500 },
    )
  })

  test('is UTC in a report', () => {
    expect(summarize(details({ startedTime: '2017-07-25T10:00:00' })).startedAt).toBe(
      '2017-07-25T10:00:00.000Z',
    )
  })
})
