/** Every language is complete. */
import { explainDeviceError } from '@devicebatch/client'
import type { ErrorReason } from '@devicebatch/client'
import type { DeviceNoteCode, DeviceProblemCode } from '@devicebatch/csv'
import { parse, TYPE } from '@formatjs/icu-messageformat-parser'
import type { MessageFormatElement } from '@formatjs/icu-messageformat-parser'
import { describe, expect, test } from 'vitest'

import type { Language } from '../src/language/languages.ts'
import { languages } from '../src/language/languages.ts'
import { texts, messagesOf } from '../src/language/translate.ts'

const names = Object.keys(texts.en) as (keyof typeof texts.en)[]
const others = Object.keys(languages).filter((language) => language !== 'en') as Language[]

interface Shape {
  arguments: Set<string>
  /** The categories of each plural. */
  plurals: string[][]
}

function shapeOf(text: string): Shape {
  const shape: Shape = { arguments: new Set(), plurals: [] }
  const visit = (elements: readonly MessageFormatElement[]): void => {
    for (const element of elements) {
      if (element.type !== TYPE.literal && element.type !== TYPE.pound && element.type !== TYPE.tag)
        shape.arguments.add(element.value)
      if (element.type !== TYPE.plural) continue
      shape.plurals.push(Object.keys(element.options))
      for (const { value } of Object.values(element.options)) visit(value)
    }
  }
  visit(parse(text, { ignoreTag: true }))
  return shape
}

describe.each(others)('%s', (language) => {
  test('has every text, with the same values as the English one', () => {
    expect(Object.keys(texts[language])).toEqual(names)
    for (const name of names) {
      expect(shapeOf(texts[language][name]).arguments, name).toEqual(shapeOf(texts.en[name]).arguments)
    }
  })

  test('has its own texts', () => {
    const same = names.filter((name) => texts[language][name] === texts.en[name])
    // Some texts are the same, such as "Emulator" and "Live".
    expect(same.length).toBeLessThan(names.length / 20)
  })
})

test.each(Object.keys(languages) as Language[])('%s has every plural form that it needs', (language) => {
  const needed = new Intl.PluralRules(language).resolvedOptions().pluralCategories
  for (const name of names) {
    for (const categories of shapeOf(texts[language][name]).plurals) {
      expect(categories.filter((category) => !category.startsWith('=')).toSorted(), name).toEqual(
        needed.toSorted(),
      )
    }
  }
})

test('a number, a time and a duration are formatted for the language', () => {
  const [czech, chinese] = [messagesOf('cs'), messagesOf('zh-TW')]
  expect(czech.number(12_345)).toBe('12\u00a0345')
  expect(czech.time('2026-11-21T17:00:00Z')).toBe('21. 11. 2026 17:00 UTC')
  expect([9_500, 20_000].map(messagesOf('en').shortNumber)).toEqual(['9,500', '20K'])
  expect(chinese.shortNumber(200_000)).toBe('20萬')
  expect(chinese.time('2026-11-21T17:00:00Z')).toBe('2026年11月21日 下午5:00 UTC')
  expect(messagesOf('en').duration(1.5)(0.75)).toBe('45 sec')
  expect(messagesOf('en').duration(15)(1.25)).toBe('1.3 min')
  expect(messagesOf('en').duration(600)(90)).toBe('1.5 hr')
})

test('every known device error is explained as the client explains it', () => {
  const codes = names.flatMap((name) => /^cause\.(\w+)\.meaning$/.exec(name)?.[1] ?? [])
  expect(codes.length).toBeGreaterThan(10)
  const plain = (text: string): string => text.toLowerCase()
  const namesSupport = (remedy: string): boolean => remedy.includes('open a support request')
  for (const code of codes.filter((code) => code !== 'unknown')) {
    const { meaning, remedy } = explainDeviceError(code, code)
    expect(plain(messagesOf('en').tIfKnown(`cause.${code}.meaning`)!)).toBe(plain(meaning))
    const shown = messagesOf('en').tIfKnown(`cause.${code}.remedy`)!
    if (namesSupport(remedy)) expect(shown).toContain('open a support request in Partner Center')
    else expect(plain(shown)).toBe(plain(remedy))
  }
  // The reverse: everything that the client knows has a text here.
  for (let code = 600; code < 900; code++) {
    if (explainDeviceError(String(code)).evidence === 'unknown') continue
    expect(names).toContain(`cause.${code}.meaning`)
  }
})

test.each(Object.keys(languages) as Language[])(
  '%s tells a technician what to do in Partner Center, and nothing of programs',
  (language) => {
    const { 'upload.details': details, 'field.trackingId': trackingId, ...all } = texts[language]
    for (const [name, text] of Object.entries(all)) expect(text, name).not.toMatch(/recordTo|--record/)
    for (const code of ['640', '801', 'unknown'] as const) {
      const remedy = all[`cause.${code}.remedy`].toLowerCase()
      for (const needed of [details, trackingId]) expect(remedy).toContain(needed.toLowerCase())
    }
  },
)

test('every reason of a failure, and every problem and note of a file, has a text', () => {
  const reasons: Record<ErrorReason, true> = {
    'mfa-required': true,
    'sign-in-blocked': true,
    'secret-refused': true,
    'consent-missing': true,
    'account-refused': true,
    'app-refused': true,
    'too-large': true,
    'role-missing': true,
    'no-reseller-relationship': true,
    'user-required': true,
    'indirect-reseller': true,
    'agreement-missing': true,
    'sign-in-expired': true,
    'sign-in-refused': true,
    'wrong-cloud': true,
    'unknown-id': true,
    'bad-request': true,
    throttled: true,
    'service-unavailable': true,
    'no-answer': true,
    'unexpected-answer': true,
    'bad-argument': true,
    database: true,
    unknown: true,
  }
  const problems: Record<DeviceProblemCode, true> = {
    'malformed-quotes': true,
    'line-too-long': true,
    'too-few-columns': true,
    'too-many-columns': true,
    'undecodable-text': true,
    'invisible-character': true,
    'spreadsheet-error': true,
    'scientific-notation': true,
    'invalid-hardware-hash': true,
    'other-delimiter': true,
    'different-header': true,
    'unexpected-character': true,
    'spreadsheet-value': true,
    'wrong-column': true,
    'license-key': true,
    'generic-product-id': true,
    placeholder: true,
    'conflicting-hash': true,
    'not-identified': true,
    duplicate: true,
  }
  const notes: Record<DeviceNoteCode, true> = {
    'column-not-read': true,
    'group-tag-not-sent': true,
    'placeholder-left-out': true,
    'product-id-left-out': true,
    'repeated-header': true,
    'lines-before-header': true,
    'quoted-lines': true,
    'line-breaks': true,
    'encoding-changed': true,
  }
  expect(names).toEqual(
    expect.arrayContaining([
      ...Object.keys(reasons).flatMap((reason) => [`reason.${reason}.cause`, `reason.${reason}.nextStep`]),
      ...Object.keys(problems).flatMap((code) => [`problem.${code}`, `problem.${code}.fix`]),
      ...Object.keys(notes).map((code) => `note.${code}`),
    ]),
  )
})
