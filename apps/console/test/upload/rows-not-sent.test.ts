/** Rows that cannot be sent are reported so that a file of hundreds of them can be understood and corrected. */
import { expect, test } from 'vitest'

import { customer, deviceFile, makeFolder, run, startEmulator } from '../command.ts'

const header = 'Device Serial Number,Manufacturer name,Device model'
const remedy = /Take the value from the original list/g

async function check(content: string | Uint8Array, ...more: string[]): Promise<string> {
  const folder = await makeFolder()
  await folder.write('d.csv', content)
  const args = ['upload', 'd.csv', '--customer', customer, '--batch', 'B', '--dry-run', ...more]
  return (await run(args, { cwd: folder.path })).stdout
}

test('rows with the same problem are reported together, with all their lines', async () => {
  const rows = ['1.23E+15,HP,M', 'A1,HP,M', '1.23E+15,HP,M', '7E+11,HP,M', '1.23E+15,HP,M', 'B2,Dell Inc.,']
  const text = await check(`${header}\n${rows.join('\n')}\n`)
  expect(text).toContain('d.csv: 1 device, 5 rows not sent:')
  expect(text).toMatch(
    /^ {2}3 rows {2}Device Serial Number: The value is "1\.23E\+15": .* save the file again\. Lines 2 \(HP M\), 4 \(HP M\), 6 \(HP M\)\.$/m,
  )
  expect(text).toMatch(/^ {2}line 7 {2}The row gives .* Device: B2, Dell Inc\.$/m)
})

test('a row without any value of a device is reported by its line alone', async () => {
  const text = await check(`${header},Room\n,,,1\n,,,2\nA1,HP,M,3\n"B2,HP\n`)
  expect(text).toMatch(/ Lines 2, 3\.$/m)
  expect(text).not.toContain('Device: ')
})

test('the results file and --json name the device of each row that was not sent', async () => {
  const { url } = await startEmulator()
  const folder = await makeFolder()
  await folder.write('d.csv', `${deviceFile('A1')}C3,,,HP,\n`)
  const args = ['--customer', customer, '--batch', 'B', '--emulator', url, '--interval', '0.02']
  const upload = ['upload', 'd.csv', ...args, '--results', 'r.csv', '--json']
  const { stdout } = await run(upload, { cwd: folder.path })
  expect(JSON.parse(stdout).file.skipped[0].identity).toEqual({
    serialNumber: 'C3',
    oemManufacturerName: 'HP',
  })
  expect(await folder.read('r.csv')).toMatch(/^3,C3,,HP,,not sent,/m)
})

test('the results of a file with semicolons have semicolons', async () => {
  const { url } = await startEmulator()
  const folder = await makeFolder()
  await folder.write('d.csv', `${header.replaceAll(',', ';')}\nA1;HP;M\nC3;HP;\n`)
  const args = ['--customer', customer, '--batch', 'B', '--emulator', url, '--interval', '0.02']
  await run(['upload', 'd.csv', ...args, '--results', 'r.csv'], { cwd: folder.path })
  expect(await folder.read('r.csv')).toMatch(/^2;A1;;HP;M;succeeded;.*\r\n3;C3;;HP;;not sent;/m)
})

test('a remedy is given once for all rows that need it', async () => {
  const rows = ['1.23E+15,HP,M', '7E+11,HP,M', '8E+11,HP,M', 'A1,HP,M']
  const text = await check(`${header}\n${rows.join('\n')}\n`)
  for (const value of ['1.23E+15', '7E+11', '8E+11']) expect(text).toContain(`The value is "${value}"`)
  expect(text.match(remedy)).toHaveLength(1)
})

test('with hundreds of rows, each problem lists its first lines', async () => {
  const rows = Array.from({ length: 400 }, () => 'A1,,')
  const text = await check(`${header}\n${rows.join('\n')}\nB2,HP,M\n`)
  expect(text).toMatch(
    /^ {2}400 rows {2}The row gives .* Lines 2 \(A1\), 3 \(A1\), .*, 51 \(A1\) and 350 more\.$/m,
  )
  expect(text.split('\n').length).toBeLessThan(12)
})

test('letters that are not UTF-8 are reported with the option that reads them', async () => {
  const latin = Buffer.from(`${header}\nA1,HP,B\u00FCro\nB2,HP,M\n`, 'latin1')
  expect(await check(latin)).toMatch(/--encoding .* windows-1251 for Cyrillic/s)
  expect(await check(latin, '--encoding', 'windows-1252')).toContain('d.csv: 2 devices\n')
  expect(await check(`${header}\nA1,HP,M\n,,M\n`)).not.toContain('--encoding')
  // These were read in the wrong encoding before: another one does not help.
  expect(await check(`${header}\nA1,HP,B\u00C3\u00BCro\nB2,HP,M\n`)).not.toContain('--encoding')
})

test('when every device is registered, the verdict says which rows are left and how to send them', async () => {
  const { url } = await startEmulator()
  const folder = await makeFolder()
  await folder.write('d.csv', `${deviceFile('A1', 'B2')}C3,,,,\nA1,,,HP,HP EliteBook 840\n`)
  const args = ['--customer', customer, '--batch', 'B', '--emulator', url, '--interval', '0.02']
  const { code, stdout } = await run(['upload', 'd.csv', ...args], { cwd: folder.path })
  expect(code).toBe(2)
  expect(stdout).not.toContain('Not every device')
  expect(stdout).toContain('2 devices are registered, but 2 rows of the file were not sent.')
  expect(stdout).toContain(
    '2 rows were not sent: correct the file, then add --only-failed, which sends whatever is not registered.',
  )
})

test('a dry run says at its end how many rows would be left out', async () => {
  expect(await check(`${header}\nA1,HP,M\nB2,HP,\n`)).toMatch(
    /^1 device would be sent in .*\n1 row cannot be sent and would be left out \(see above\)\.\nNothing was sent \(--dry-run\)\.\n$/m,
  )
  expect(await check(`${header}\nA1,HP,M\n`)).not.toContain('left out')
})

test('a row of a template that says which columns are required is not a device', async () => {
  const template = '(required),(optional),(optional),(required),(required)'
  const text = await check(
    `Device Serial Number,Windows Product ID,Hardware Hash,Manufacturer name,Device model\n${template}\nA1,,,HP,M\n`,
  )
  expect(text).toContain('d.csv: 1 device, 1 row not sent:')
  expect(text).toContain('The value is "(required)", a placeholder')
})
