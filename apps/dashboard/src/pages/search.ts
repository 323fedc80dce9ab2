/** Finds a device by its serial number, or the beginning of it, in all uploads. */
import type { TrackedDevice } from '@devicebatch/tracker'
import type { Context } from 'hono'
import { html } from 'hono/html'

import type { Site } from '../site.ts'
import { customerText, deviceOutcomes, retryMark, take, uploadPath } from './components.ts'
import { deviceTable } from './device-table.ts'
import { answer } from './layout.ts'

const most = 100

/** `GET /search?serialNumber=`: the result of each upload of the device, failures first, then the latest. */
export async function searchPage(c: Context<Site>): Promise<Response> {
  const { messages, services } = c.var
  const { t } = messages
  const serialNumber = (c.req.query('serialNumber') ?? '').trim()
  const { items, hasMore } = serialNumber
    ? await take(services.tracker.listDevices({ serialNumberPrefix: serialNumber }), most)
    : { items: [], hasMore: false }
  const devices = items.toSorted(byNeed)
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
          : deviceTable(messages, 'found', devices, (device) => {
              const upload = uploads.get(device.batchTrackingId)
              return html`<a href="${uploadPath(device)}">${upload?.batchId ?? t('upload.unnamed')}</a>
                ${retryMark(messages, upload?.retryOf)}
                <small>${customerText(names, device.customerId)}</small>
                ${upload?.emulated && !services.emulated ? html`<small>${t('upload.emulated')}</small>` : ''}`
            })
      }
      ${hasMore ? html`<p>${t('search.more', { count: most })}</p>` : ''}
    `,
  })
}

function byNeed(one: TrackedDevice, other: TrackedDevice): number {
  const rank = deviceOutcomes.indexOf(one.outcome) - deviceOutcomes.indexOf(other.outcome)
  return rank || other.changedAt.localeCompare(one.changedAt)
}
