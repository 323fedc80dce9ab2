/** The language and theme of a page. */
import { expect, test } from 'vitest'

import { negotiateLanguage } from '../src/language/negotiate.ts'

test.each([
  ['cs-CZ', 'cs'],
  ['pt-BR', 'pt-PT'],
  ['zh-TW', 'zh-TW'],
  ['zh-HK', 'zh-TW'],
  ['zh-Hant', 'zh-TW'],
  // Simplified Chinese is another script.
  ['zh-CN', 'en'],
  ['zh', 'en'],
  ['zh-Hans-TW', 'en'],
  ['zh-CN,zh;q=0.9,cs;q=0.8', 'cs'],
  ['fr;q=0.3, tr;q=0.8', 'tr'],
  ['fr;q=0, de', 'en'],
  ['de-DE', 'en'],
  ['*', 'en'],
  ['\u0000,,;q=x,ž,fr', 'fr'],
  [`${'de,'.repeat(10_000)}fr`, 'en'],
  [undefined, 'en'],
])('a browser that asks for %j gets %s', (header, language) => {
  expect(negotiateLanguage(header)).toBe(language)
})
