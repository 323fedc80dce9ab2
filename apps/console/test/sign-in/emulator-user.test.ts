/** Commands with --emulator, one after another, as the emulator's refresh tokens come and go. */
import { expect, test } from 'vitest'

import { customer, deviceFile, makeFolder, run, startEmulator } from '../command.ts'

test.for(['renew', 'replace', 'none'] as const)(
  'every command signs in to an emulator whose refresh tokens follow %s',
  async (refreshTokenRotation) => {
    const { url } = await startEmulator({ quirks: { refreshTokenRotation } })
    const folder = await makeFolder()
    const file = await folder.write('devices.csv', deviceFile('A1'))
    const at = ['--customer', customer, '--emulator', url]
    const upload = await run(['upload', file, '--batch', 'B', '--interval', '0.02', ...at])
    expect(upload).toMatchObject({ code: 0, stderr: '' })
    for (const name of ['first', 'second']) {
      const batches = await run(['batches', ...at])
      expect(batches, name).toMatchObject({ code: 0, stderr: '' })
      expect(batches.stdout).toContain('B ')
    }
  },
)

test('a user without MFA is refused again and again', async () => {
  const { url } = await startEmulator({ refreshTokenHasMfa: false })
  for (const name of ['first', 'second']) {
    const { code, stderr } = await run(['batches', '--customer', customer, '--emulator', url])
    expect(code, name).toBe(1)
    expect(stderr).toContain('AADSTS50076')
  }
})
