/** The contents of a submitted form. */
import { InvalidArgumentError } from '@devicebatch/client'
import { getMultipartBoundary, isMultipartRequest, MultipartParser } from '@remix-run/multipart-parser'
import type { MultipartPart } from '@remix-run/multipart-parser'
import type { Context } from 'hono'

import { inSlices } from '../in-slices.ts'
import type { Site } from '../site.ts'
import { maxFileBytes, maxFormBytes } from './limits.ts'

/** A file that was sent. */
export interface SentFile {
  name: string
  /** Its content, in the pieces in which it arrived: joining those of a large file would take a while. */
  pieces: readonly Uint8Array[]
}

/** The fields of a form, by name. */
export type Form = Readonly<Record<string, string | SentFile | undefined>>

/** Reads the fields of a form. Rejects with an `InvalidArgumentError` when it is incomplete or damaged. */
export async function readForm(c: Context<Site>): Promise<Form> {
  try {
    return isMultipartRequest(c.req.raw)
      ? await readMultipart(c.req.raw)
      : await c.req.parseBody<Record<string, string>>()
  } catch {
    throw new InvalidArgumentError('The form is incomplete or damaged.')
  }
}

/** Parses the form as it arrives, piece by piece: all at once would block the process. */
async function readMultipart({ headers, body }: Request): Promise<Form> {
  const parser = new MultipartParser(getMultipartBoundary(headers.get('Content-Type')!)!, {
    // The size of the whole body has been limited already.
    maxFileSize: maxFileBytes + maxFormBytes,
  })
  const fields = new Map<string, string | SentFile>()
  for await (const piece of inSlices(body!, 1)) {
    for (const part of parser.write(piece)) if (part.name !== undefined) fields.set(part.name, valueOf(part))
  }
  parser.finish()
  return Object.fromEntries(fields)
}

function valueOf(part: MultipartPart): string | SentFile {
  return part.isFile ? { name: part.filename ?? '', pieces: part.content } : part.text
}
