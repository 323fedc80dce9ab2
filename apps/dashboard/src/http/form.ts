/** What a form sent. */
import { setImmediate as othersFirst } from 'node:timers/promises'

import { InvalidArgumentError } from '@devicebatch/client'
import type { Context } from 'hono'

import type { Site } from '../site.ts'

/** The fields of the form; one that is cut off or damaged is the fault of who sent it. */
export async function readForm(c: Context<Site>): Promise<Record<string, string | File | (string | File)[]>> {
  try {
    // Joining a large body and taking it apart each take a while; Hono keeps it in between.
    await c.req.arrayBuffer()
    await othersFirst()
    return await c.req.parseBody()
  } catch {
    throw new InvalidArgumentError('The form is incomplete or damaged.')
  }
}
