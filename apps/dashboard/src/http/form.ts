/** What a form sent. */
import { InvalidArgumentError } from '@devicebatch/client'
import type { Context } from 'hono'

import type { Site } from '../site.ts'

/** The fields of the form; one that is cut off or damaged is the fault of who sent it. */
export async function readForm(c: Context<Site>): Promise<Record<string, string | File | (string | File)[]>> {
  try {
    return await c.req.parseBody()
  } catch {
    throw new InvalidArgumentError('The form is incomplete or damaged.')
  }
}
