/** Each problem that a row can have has its own message and remedy, for the person who has the file open. */
import type { DeviceProblem, DeviceProblemCode } from '@devicebatch/csv'
import { expect, test } from 'vitest'

import { hashOf, header, read } from './helpers.ts'

const row = 'S1,,,HP,EliteBook'

/** A file whose last row has the problem, and the message about it. This does not compile unless all codes are present. */
const problems: Record<DeviceProblemCode, [file: string, problem: Omit<DeviceProblem, 'code'>]> = {
  'malformed-quotes': [
    'S1,,,"HP" Inc,EliteBook',
    {
      message: 'A quoted value is never closed, or text follows its closing quote.',
      fix: 'Remove the double quote, or double it ("") inside a quoted value.',
    },
  ],
  'line-too-long': [
    `S1,,,HP,${'x'.repeat(70_000)}`,
    {
      message: 'The line has more than 65,536 characters.',
      fix: 'Remove everything that is not part of the device list.',
    },
  ],
  'too-few-columns': [
    'S1,,,HP',
    {
      message: 'The row has 4 values and ends before the column "Device model", number 5.',
      fix: 'Complete the row; where a value is missing, leave nothing between two delimiters.',
    },
  ],
  'too-many-columns': [
    'S1,,,HP,Laptop, 15 inch',
    {
      message: 'The row has 6 values, the header has 5 columns.',
      fix: 'Put the value that contains a delimiter in double quotes, or remove the extra values.',
    },
  ],
  'other-delimiter': [
    'S1;;;HP;EliteBook',
    {
      message: 'The header separates columns with commas, but this row uses semicolons.',
      fix: 'Use the same delimiter throughout the file.',
    },
  ],
  'different-header': [
    `${row}\nSerial Number,Manufacturer,Model`,
    {
      message:
        'The row is a header whose columns differ from the header in line 1; the rows below it were read with the new header.',
      fix: 'Check the rows below it, or move them to a separate file.',
    },
  ],
  'undecodable-text': [
    'S1,,,H\uFFFDP,EliteBook',
    {
      column: 'Manufacturer name',
      message:
        'The value has bytes that are not valid in the encoding used to read the file (UTF-8 by default).',
      fix: 'Save the file as "CSV UTF-8".',
    },
  ],
  'invisible-character': [
    'S\u200B1,,,HP,EliteBook',
    {
      column: 'Device Serial Number',
      message: 'The value has an invisible character (U+200B) at position 2.',
      fix: 'Type the value again instead of pasting it.',
    },
  ],
  'unexpected-character': [
    'S1,,,HP,EliteBook – 840',
    {
      column: 'Device model',
      message: 'The value has "–" (U+2013) at position 11, which is not valid in a manufacturer or model.',
      fix: 'Replace it with the plain letter, quote, hyphen or space it stands for, or remove it: word processors, web pages and email programs change such characters.',
    },
  ],
  'spreadsheet-error': [
    'S1,,,#N/A,EliteBook',
    {
      column: 'Manufacturer name',
      value: '#N/A',
      message: 'The value is "#N/A", the error of a spreadsheet formula.',
      fix: 'Fix the formula in the spreadsheet, or type the value, and save the file again.',
    },
  ],
  'scientific-notation': [
    '1.23457E+12,,,HP,EliteBook',
    {
      column: 'Device Serial Number',
      value: '1.23457E+12',
      message:
        'The value is "1.23457E+12": a spreadsheet read the digits as a number and dropped the last ones.',
      fix: 'Take the value from the original list, format the column as text before you enter it, and save the file again.',
    },
  ],
  'spreadsheet-value': [
    '01-Mar,,,HP,EliteBook',
    {
      column: 'Device Serial Number',
      value: '01-Mar',
      message: 'The value is "01-Mar": a spreadsheet read it as a date and changed it.',
      fix: 'Take the value from the original list, format the column as text before you enter it, and save the file again.',
    },
  ],
  'invalid-hardware-hash': [
    `S1,,${hashOf(1).slice(0, 171)}!,HP,EliteBook`,
    {
      column: 'Hardware Hash',
      message: 'The hardware hash is not Base64: "!" (U+0021) is at position 172.',
      fix: 'Collect the hardware hash again (Get-WindowsAutopilotInfo) and copy all of it.',
    },
  ],
  'wrong-column': [
    `S1,,,${hashOf(1)},EliteBook`,
    {
      column: 'Manufacturer name',
      message: 'The value has 4,000 characters and looks like a hardware hash.',
      fix: 'Move it to the column "Hardware Hash".',
    },
  ],
  'license-key': [
    'S1,ABCDE-FGHJK-23456-7899B-CDFGH,,HP,EliteBook',
    {
      column: 'Windows Product ID',
      message:
        'The value is a Windows license key (25 letters and digits), which does not identify a device.',
      fix: 'Remove it and give the 13-digit product ID from the label on the box, the hardware hash, or serial number, manufacturer and model.',
    },
  ],
  'generic-product-id': [
    'S1,00330-80000-00000-AAOEM,,HP,',
    {
      column: 'Windows Product ID',
      message: 'The product ID belongs to an edition of Windows (…-AAOEM) and does not identify a device.',
      fix: 'Give "Hardware Hash", or "Device Serial Number", "Manufacturer name" and "Device model", or the 13-digit product ID from the label on the box.',
    },
  ],
  placeholder: [
    'System Serial Number,,,HP,EliteBook',
    {
      column: 'Device Serial Number',
      message:
        'The value is "System Serial Number", a placeholder that many devices have, which does not identify a device.',
      fix: 'Give "Hardware Hash" or "Windows Product ID", or the real value from the device.',
    },
  ],
  'not-identified': [
    'S1,,,HP,',
    {
      message:
        'The row gives "Device Serial Number" and "Manufacturer name", which does not identify a device.',
      fix: 'Give "Hardware Hash", or "Windows Product ID", or also "Device model".',
    },
  ],
  duplicate: [
    `${row}\n${row}`,
    {
      column: 'Device Serial Number',
      firstLine: 2,
      message:
        'The row names the same device as line 2: "Device Serial Number", "Manufacturer name", "Device model" are the same.',
      fix: 'Remove one of the two rows, or fix the one that is wrong.',
    },
  ],
  'conflicting-hash': [
    `S1,,${hashOf(1)},,\nS1,,${hashOf(2)},,`,
    {
      column: 'Device Serial Number',
      firstLine: 2,
      message: 'Line 2 has the same "Device Serial Number" with a different "Hardware Hash".',
      fix: 'Keep the row with the hash that was collected last (after a repair, only that one is correct), and remove the other.',
    },
  ],
}

test.each(Object.entries(problems))('%s', async (code, [file, problem]) => {
  const rows = await read(`${header}\n${file}\n`)
  const { line, problem: found } = rows.at(-1)!
  expect({ line, found }).toEqual({ line: file.split('\n').length + 1, found: { code, ...problem } })
})

test('a hash that is on two rows may be of another device, and a hash that is too long may be several', async () => {
  const rows = await read(`${header}\nS1,,${hashOf(1)},,\nS2,,${hashOf(1)},,\nS3,,${hashOf(3).repeat(3)},,\n`)
  expect(rows.slice(1).map(({ problem }) => problem?.fix)).toEqual([
    'Remove one of the two rows. If they are two devices, one has the hash of the other: collect it again on the right device.',
    'Collect the hardware hash again (Get-WindowsAutopilotInfo) and put only that one hash into the cell.',
  ])
})

test('no two problems have the same message', () => {
  const messages = Object.values(problems).map(([, { message }]) => message)
  expect(new Set(messages).size).toBe(messages.length)
})
