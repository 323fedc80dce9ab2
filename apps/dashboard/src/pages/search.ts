import type { Context } from 'hono'
/** Where is this device? By its serial number, over everything that was uploaded. */
import { html } from 'hono/html'

import type { Site } from '../site.ts'
import { answer } from './layout.ts'
import { take, uploadPath } from './pieces.ts'
import { deviceTable } from './upload.ts'

const most = 100

/** `GET /search?serialNumber=` */
export async function searchPage(c: Context<Site>): Promise<Response> {
  const { words, parts } = c.var
  const { say } = words
  const serialNumber = (c.req.query('serialNumber') ?? '').trim()
  const found = serialNumber
    ? await take(parts.tracker.listDevices({ serialNumber }), most)
    : { items: [], hasMore: false }
  return await answer(c, {
    title: say('search.title', { serialNumber }),
    body: html`
      <h1 id="found">${say('search.title', { serialNumber })}</h1>
      <p role="status">${say('search.count', { count: found.items.length })}</p>
      ${
        found.items.length === 0
          ? html`<p>${say('search.none')}</p>`
          : html`<div class="scroll" tabindex="0" role="region" aria-labelledby="found">
              ${deviceTable(
                words,
                found.items,
                (device) => html`<a href="${uploadPath(device)}">${say('search.upload')}</a>`,
              )}
            </div>`
      }
      ${found.hasMore ? html`<p>${say('search.more', { count: most })}</p>` : ''}
    `,
  })
}
