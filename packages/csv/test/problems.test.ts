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
  'invalid-hardware-hash': [
    `S1,,${hashOf(1).slice(0, 171)}!,HP,EliteBook`,
    {
      column: 'Hardware Hash',
      message: 'The hardware hash is not Base64: "!" (U+0021) stands at position 172.',
      fix: 'Collect the hardware hash anew (Get-WindowsAutopilotInfo) and copy it whole.',
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
}

test.each(Object.entries(problems))('%s', async (code, [file, problem]) => {
  const rows = await read(`${header}\n${file}\n`)
  expect(rows.at(-1)).toEqual({ line: file.split('\n').length + 1, problem: { code, ...problem } })
})

test('no two problems have the same message', () => {
  const messages = Object.values(problems).map(([, { message }]) => message)
  expect(new Set(messages).size).toBe(messages.length)
})
