/** The hover text of a type begins with its meaning; sources follow separately. */
import { readFile } from 'node:fs/promises'

import ts from 'typescript'
import { describe, expect, test } from 'vitest'

import { editorWith } from './editor.ts'

const generated = await readFile(new URL('../src/openapi.ts', import.meta.url), 'utf8')
const written = await readFile(new URL('../src/index.ts', import.meta.url), 'utf8')

describe.each([
  { file: 'openapi.ts', comments: commentsOf(generated) },
  { file: 'index.ts', comments: commentsOf(written) },
])('every comment in $file', ({ comments }) => {
  test('begins with prose', () => {
    const badly = comments.filter((comment) =>
      /^(?:@(?!module\b)|(?:Auth|Conflict|Roles|Source)\b)/.test(comment),
    )
    expect(badly).toEqual([])
  })

  test('cites its sources only after `@remarks`', () => {
    const prose = comments.map((comment) => comment.split('@remarks')[0])
    expect(prose.filter((text) => /^(?:Conflict|Source)\b.*:/m.test(text ?? ''))).toEqual([])
  })

  test('has no line that an editor would show as code', () => {
    expect(comments.filter((comment) => /\n\n {4}/.test(comment))).toEqual([])
  })
})

test('there are enough comments for the check to be meaningful', () => {
  expect(commentsOf(generated).length).toBeGreaterThan(500)
  expect(generated).toContain('@remarks Source: docs table')
})

test.each([
  {
    what: 'a property of a body',
    code: 'export const f = (device: Device) => device.|serialNumber',
    shows: 'The serial number.',
    remarks: 'Source: docs table and example; REST reference; .NET SDK.',
  },
  {
    what: 'a property on which the sources disagree',
    code: 'export const f = (policy: ConfigurationPolicy) => policy.|devicesAssignedCount',
    shows: 'How many devices the policy applies to.',
    remarks: expect.stringMatching(
      /^Conflict: every docs example says `devicesAssigned`;.*Read both\.\nSource: /,
    ),
  },
  {
    what: 'an operation',
    code: "export const f = (all: paths) => all['/customers'].|get",
    shows: expect.stringMatching(/^List the customers of the partner\n\nLists the customers, or those/),
    remarks: expect.stringMatching(/^Roles: none named/),
  },
  {
    what: 'a time',
    code: 'export const f = (time: |Timestamp) => time',
    shows: expect.stringMatching(
      /Without a time zone it means UTC,[\s\S]*`parsePartnerDate` of `@devicebatch\/client\/results`/,
    ),
    remarks: undefined,
  },
  {
    what: 'the start of a batch',
    code: 'export const f = (details: BatchUploadDetails) => details.|startedTime',
    shows: expect.stringMatching(/^When processing of the batch started; UTC even without a time zone/),
    remarks: expect.stringMatching(/^Source: /),
  },
])('the hover of $what begins with prose', ({ code, shows, remarks }) => {
  const types = ['BatchUploadDetails', 'ConfigurationPolicy', 'Device', 'paths', 'Timestamp']
  const { service, file, position } = editorWith(types, code)
  const hover = service.getQuickInfoAtPosition(file, position)
  expect(ts.displayPartsToString(hover?.documentation)).toEqual(shows)
  const found = hover?.tags?.find(({ name }) => name === 'remarks')
  expect(found && ts.displayPartsToString(found.text)).toEqual(remarks)
})

/** The text of every doc comment, without asterisks. */
function commentsOf(source: string): string[] {
  return [...source.matchAll(/\/\*\*(.*?)\*\//gs)].map(([, text = '']) =>
    text.replaceAll(/^\s*\* ?/gm, '').trim(),
  )
}
