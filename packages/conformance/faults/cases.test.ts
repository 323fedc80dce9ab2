/** Runs every case of the table, through every public function it applies to. */
import { describe, expect, test } from 'vitest'

import { faultCases } from './cases/index.ts'
import { doorsOf, playCase } from './run-case.ts'

for (const [topic, cases] of Object.entries(faultCases)) {
  describe(topic, () => {
    for (const faultCase of cases) {
      for (const [name, door] of doorsOf(faultCase)) {
        test.concurrent(`${faultCase.name} (${name})`, () => playCase(faultCase, door))
      }
    }
  })
}

test('every case has a unique name', () => {
  const names = Object.values(faultCases).flatMap((cases) => cases.map(({ name }) => name))
  expect(new Set(names).size).toBe(names.length)
})
