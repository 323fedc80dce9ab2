/** Where is this device? By its serial number, over everything that was uploaded. */
import type { Context } from 'hono'
import { html } from 'hono/html'

import type { Site } from '../site.ts'
import { customerText, take, uploadPath } from './components.ts'
import { answer } from './layout.ts'
import { deviceTable } from './upload.ts'

const most = 100

/** `GET /search?serialNumber=`: what became of the device each time that it was uploaded, the latest first. */
export async function searchPage(c: Context<Site>): Promise<Response> {
  const { messages, services } = c.var
  const { t } = messages
  const serialNumber = (c.req.query('serialNumber') ?? '').trim()
  const { items, hasMore } = serialNumber
    ? await take(services.tracker.listDevices({ serialNumber }), most)
    : { items: [], hasMore: false }
  const devices = items.toSorted((one, other) => other.changedAt.localeCompare(one.changedAt))
  const ids = [...new Set(devices.map(({ batchTrackingId }) => batchTrackingId))]
  const uploads = new Map(
    await Promise.all(ids.map(async (id) => [id, await services.tracker.getUpload(id)] as const)),
  )
  const names = await services.names.of(devices.map(({ customerId }) => customerId))
  return await answer(c, {
    title: t('search.title', { serialNumber }),
    body: html`
      <h1 id="found">${t('search.title', { serialNumber })}</h1>
      <p role="status">${t('search.count', { count: devices.length })}</p>
      ${
        devices.length === 0
          ? html`<p>${t('search.none')}</p>`
          : html`<div class="scroll" tabindex="0" role="region" aria-labelledby="found">
              ${deviceTable(messages, devices, (device) => {
                const upload = uploads.get(device.batchTrackingId)
                return html`<a href="${uploadPath(device)}">${upload?.batchId ?? t('upload.unnamed')}</a>
                  ${customerText(names, device.customerId)}
                  ${upload?.emulated ? html`<small>${t('upload.emulated')}</small>` : ''}`
              })}
            </div>`
      }
      ${hasMore ? html`<p>${t('search.more', { count: most })}</p>` : ''}
    `,
  })
}
