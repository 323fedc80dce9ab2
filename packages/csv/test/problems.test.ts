/** Each problem that a row can have: its own message, and what to do, for the person who has the file open. */
import type { DeviceProblem, DeviceProblemCode } from '@devicebatch/csv'
import { expect, test } from 'vitest'

import { hashOf, header, read } from './helpers.ts'

const row = 'S1,,,HP,EliteBook'

/** A file whose last row has the problem, and what is said of it. All codes stand here, or this does not compile. */
const problems: Record<DeviceProblemCode, [file: string, problem: Omit<DeviceProblem, 'code'>]> = {
  'malformed-quotes': [
    'S1,,,"HP" Inc,EliteBook',
    {
      message: 'A double quote begins a value and is never closed, or is followed by text.',
      fix: 'Remove the double quote, or write it twice ("") inside a value that stands in double quotes.',
    },
  ],
  'line-too-long': [
    `S1,,,HP,${'x'.repeat(70_000)}`,
    {
      message: 'The line has more than 65,536 characters.',
      fix: 'Remove what is not part of the list of devices.',
    },
  ],
  'too-few-columns': [
    'S1,,,HP',
    {
      message: 'The row has 4 values and ends before the column "Device model", number 5.',
      fix: 'Complete the row; where a value is missing, leave it empty between two delimiters.',
    },
  ],
  'too-many-columns': [
    'S1,,,HP,Laptop, 15 inch',
    {
      message: 'The row has 6 values, the header has 5 columns.',
      fix: 'Put the value that holds a delimiter in double quotes, or remove the surplus values.',
    },
  ],
  'other-delimiter': [
    'S1;;;HP;EliteBook',
    {
      message: 'The header uses commas between the columns, and this row uses semicolons.',
      fix: 'Use the same delimiter in all lines of the file.',
    },
  ],
  'different-header': [
    `${row}\nSerial Number,Manufacturer,Model`,
    {
      message:
        'The row is a header whose columns are not those of the header in line 1; the rows below were read by it.',
      fix: 'Check the rows below it, or put them into a file of their own.',
    },
  ],
  'undecodable-text': [
    'S1,,,H\uFFFDP,EliteBook',
    {
      column: 'Manufacturer name',
      message:
        'The value has bytes that are not of the encoding the file was read in (UTF-8 unless it says otherwise).',
      fix: 'Save the file as "CSV UTF-8", or read it with the `encoding` it was written in, such as "windows-1252".',
    },
  ],
  'invisible-character': [
    'S\u200B1,,,HP,EliteBook',
    {
      column: 'Device Serial Number',
      message: 'The value has the character U+200B at position 2.',
      fix: 'Type the value anew instead of pasting it.',
    },
  ],
  'unexpected-character': [
    'S1,,,HP,EliteBook – 840',
    {
      column: 'Device model',
      message: 'The value has "–" (U+2013) at position 11, which no manufacturer or model has.',
      fix: 'Replace it with the plain letter, quote, hyphen or space that it stands for, or remove it: word processors, web pages and e-mail change characters.',
    },
  ],
  'spreadsheet-error': [
    'S1,,,#N/A,EliteBook',
    {
      column: 'Manufacturer name',
      message: 'The value is "#N/A", the error of a spreadsheet formula.',
      fix: 'Correct the formula in the spreadsheet, or type the value, and save the file anew.',
    },
  ],
  'scientific-notation': [
    '1.23457E+12,,,HP,EliteBook',
    {
      column: 'Device Serial Number',
      message:
        'The value is "1.23457E+12": a spreadsheet took the digits for a number and dropped the last ones.',
      fix: 'Take the value from the original list, format the column as text before entering it, and save the file anew.',
    },
  ],
  'spreadsheet-value': [
    '01-Mar,,,HP,EliteBook',
    {
      column: 'Device Serial Number',
      message: 'The value is "01-Mar": a spreadsheet took it for a date and changed it.',
      fix: 'Take the value from the original list, format the column as text before entering it, and save the file anew.',
    },
  ],
  'invalid-hardware-hash': [
    `S1,,${hashOf(1).slice(0, 171)}!,HP,EliteBook`,
    {
      column: 'Hardware Hash',
      message: 'The hardware hash is not Base64: "!" (U+0021) stands at position 172.',
      fix: 'Collect the hardware hash anew (Get-WindowsAutopilotInfo) and copy it whole.',
    },
  ],
  'wrong-column': [
    `S1,,,${hashOf(1)},EliteBook`,
    {
      column: 'Manufacturer name',
      message: 'The value has 4,000 characters and looks like a hardware hash.',
      fix: 'Put it into the column "Hardware Hash".',
    },
  ],
  'license-key': [
    'S1,ABCDE-FGHJK-23456-7899B-CDFGH,,HP,EliteBook',
    {
      column: 'Windows Product ID',
      message: 'The value is a license key of Windows (25 letters and digits), which identifies no device.',
      fix: 'Remove it: give the product ID of 13 digits from the label of the box, the hardware hash, or serial number, manufacturer and model.',
    },
  ],
  'generic-product-id': [
    'S1,00330-80000-00000-AAOEM,,HP,',
    {
      column: 'Windows Product ID',
      message: 'The product ID is that of an edition of Windows (…-AAOEM), which identifies no device.',
      fix: 'Give "Hardware Hash", or "Device Serial Number", "Manufacturer name" and "Device model", or the product ID of 13 digits from the label of the box.',
    },
  ],
  placeholder: [
    'System Serial Number,,,HP,EliteBook',
    {
      column: 'Device Serial Number',
      message:
        'The value is "System Serial Number", a placeholder that stands on many devices and identifies none.',
      fix: 'Give "Hardware Hash" or "Windows Product ID", or the value that is on the device.',
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
      fix: 'Remove one of the two rows, or correct the one that is wrong.',
    },
  ],
  'conflicting-hash': [
    `S1,,${hashOf(1)},,\nS1,,${hashOf(2)},,`,
    {
      column: 'Device Serial Number',
      firstLine: 2,
      message: 'Line 2 has the same "Device Serial Number" with another "Hardware Hash".',
      fix: 'Keep the row with the hash that was collected last (after a repair, only that one is right), and remove the other.',
    },
  ],
}

test.each(Object.entries(problems))('%s', async (code, [file, problem]) => {
  const rows = await read(`${header}\n${file}\n`)
  expect(rows.at(-1)).toEqual({ line: file.split('\n').length + 1, problem: { code, ...problem } })
})

test('no two problems have the same message', () => {
  const messages = Object.values(problems).map(([, { message }]) => message)
  expect(new Set(messages).size).toBe(messages.length)
})
