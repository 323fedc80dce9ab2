import { createEmulator } from '@devicebatch/emulator'
import type { EmulatorQuirks } from '@devicebatch/emulator'
import { expect, test } from 'vitest'

const seeds = Array.from({ length: 200 }, (_, index) => index)
const kind = createEmulator().quirks
const unkind = seeds.map((seed) => createEmulator({ profile: 'unkind', seed }).quirks)

test('the profile kind, and none, are the defaults of all quirks', () => {
  expect(createEmulator({ profile: 'kind', seed: 5 }).quirks).toEqual(kind)
})

test('the same seed picks the same quirks, and another seed picks others', () => {
  expect(createEmulator({ profile: 'unkind', seed: 7 }).quirks).toEqual(unkind[7])
  expect(new Set(unkind.map((quirks) => JSON.stringify(quirks))).size).toBe(200)
})

test('over many seeds, every quirk is picked, and all but one are also left at their default by some seed', () => {
  const always = Object.keys(kind).filter((name) => {
    const isUnkind = unkind.map(
      (quirks) => quirks[name as keyof EmulatorQuirks] !== kind[name as keyof EmulatorQuirks],
    )
    // The default is to refuse it.
    expect([name, isUnkind.includes(true)]).toEqual([name, name !== 'appOnlyMayCreate'])
    return !isUnkind.includes(false)
  })
  expect(always).toEqual(['retryAfter'])
})

test('a quirk in the options overrides the one that the profile picked', () => {
  for (const seed of seeds.slice(0, 20)) {
    const { quirks } = createEmulator({ profile: 'unkind', seed, quirks: { missingResults: 0.5, bom: true } })
    expect(quirks).toMatchObject({ missingResults: 0.5, bom: true })
  }
})

test('on a clock that stands still, the profile delays no token request', () => {
  for (const seed of seeds) {
    expect(createEmulator({ profile: 'unkind', seed, timeScale: 0 }).quirks.tokenDelayMs).toBe(0)
  }
  expect(unkind.some(({ tokenDelayMs = 0 }) => tokenDelayMs > 0)).toBe(true)
})

test.for([
  ['bom', { bom: 'yes' }],
  ['missingResults', { missingResults: 1.5 }],
  ['missingResults', { missingResults: '0.5' }],
  ['lateResultsMs', { lateResultsMs: -1 }],
  ['statusValues', { statusValues: 'lower' }],
] as const)('a quirk %s that is out of range is refused by its name', ([name, quirks]) => {
  expect(() => createEmulator({ quirks: quirks as EmulatorQuirks })).toThrow(`"${name}" must be`)
})
