/** Devices with their results: their meaning, and what to do. */
import type { TrackedDevice } from '@devicebatch/tracker'
import { html } from 'hono/html'

import type { Messages } from '../language/translate.ts'
import { badge, time } from './components.ts'
import type { Html } from './layout.ts'
import { table } from './table.ts'

/** The devices in the given order; `batchOf` adds a column with the upload of each. */
export function deviceTable(
  messages: Messages,
  labelledBy: string,
  devices: readonly TrackedDevice[],
  batchOf?: (device: TrackedDevice) => Html,
): Html {
  const { t } = messages
  return table<TrackedDevice>(
    labelledBy,
    [
      {
        title: t('field.result'),
        kind: 'result',
        cell: ({ outcome }) => badge(outcome, t(`device.${outcome}`)),
      },
      {
        title: t('field.serialNumber'),
        kind: 'name',
        cell: ({ serialNumber, productKey }) => serialNumber ?? productKey ?? t('devices.unnamed'),
      },
      { title: t('field.remedy'), kind: 'text', cell: (device) => remedyCell(messages, device) },
      ...(batchOf ? [{ title: t('field.batch'), cell: batchOf }] : []),
      { title: t('field.changed'), cell: ({ changedAt }) => time(messages, changedAt) },
    ],
    devices,
  )
}

function remedyCell(messages: Messages, { outcome, errorCode, errorDescription }: TrackedDevice): Html | '' {
  if (outcome !== 'failed') return ''
  const { meaning, remedy } = explainCause(messages, errorCode, errorDescription)
  return html`<p>${meaning}</p>
    <p class="remedy"><strong>${messages.t('causes.remedy')}</strong> ${remedy}</p>
    <p class="faint">${wireText(messages, errorCode, errorDescription)}</p>`
}

/** The error as the service names it. */
export function wireText(
  { t }: Messages,
  errorCode: string | undefined,
  errorDescription: string | undefined,
): string {
  if (errorCode === undefined) return errorDescription ?? ''
  const code = t('causes.code', { code: errorCode })
  return errorDescription ? `${code} (${errorDescription})` : code
}

/** In the visitor's language; an unexplained error is shown as the service sent it. */
export function explainCause(
  { t, tIfKnown }: Messages,
  errorCode: string | undefined,
  errorDescription: string | undefined,
): { meaning: string; remedy: string } {
  const own = (part: 'meaning' | 'remedy'): string =>
    tIfKnown(`cause.${errorCode}.${part}`) ??
    tIfKnown(`cause.${errorDescription}.${part}`) ??
    t(`cause.unknown.${part}`)
  return { meaning: own('meaning'), remedy: own('remedy') }
}
