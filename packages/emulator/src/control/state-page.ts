/** The page at `/_emulator`, which shows the emulator's state. */

import type { DeviceUploadDetails } from '@devicebatch/contract'
import { html } from 'hono/html'

import type { Emulator } from '../emulator.ts'
import type { FaultRule } from '../faults/fault.ts'
import type { RecordedRequest } from '../http/recorded-requests.ts'
import type { EmulatorSettings } from '../options.ts'
import { checkSnapshot } from '../state/snapshot.ts'
import type { CustomerSnapshot } from '../state/snapshot.ts'
import { uploadDetailsAt } from '../uploads/lifecycle.ts'
import { pageHeaders } from './page-headers.ts'

const shownRequests = 50

type Html = ReturnType<typeof html>

/** The page. The template escapes all external data. */
export async function statePage(
  emulator: Emulator,
  settings: EmulatorSettings,
  faults: readonly FaultRule[],
): Promise<Response> {
  const { customers } = checkSnapshot(emulator.snapshot())
  const now = emulator.clock.now()
  const nonce = crypto.randomUUID()
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <title>devicebatch emulator</title>
        <style nonce="${nonce}">
          :root {
            color-scheme: light dark;
          }
          body {
            font:
              15px/1.5 system-ui,
              sans-serif;
            margin: 2rem auto;
            padding: 0 1rem;
            max-width: 80rem;
          }
          h1 {
            font-size: 1.5rem;
          }
          h2 {
            font-size: 1.2rem;
            margin-top: 2rem;
          }
          h3 {
            font-size: 1rem;
            margin: 1rem 0 0.3rem;
          }
          /* What is too wide for the window scrolls by itself. */
          .wide {
            overflow-x: auto;
          }
          table {
            border-collapse: collapse;
          }
          th,
          td {
            border: 1px solid color-mix(in srgb, currentcolor 25%, transparent);
            padding: 0.2rem 0.6rem;
            text-align: left;
            vertical-align: top;
            white-space: nowrap;
          }
          form {
            display: inline;
          }
          code {
            overflow-wrap: anywhere;
          }
        </style>
      </head>
      <body>
        <h1>EMULATOR of Partner Center’s device-deployment API</h1>
        <p>
          Nothing is sent to Microsoft. The emulator’s time is
          <strong>${new Date(now).toISOString()}</strong>.
        </p>
        <p>
          ${button('clock', 'Advance a minute', 'advanceMs', '60000')}
          ${button('clock', 'Run until idle', 'runUntil', 'idle')} ${button('reset', 'Reset', 'reset', 'yes')}
        </p>
        ${table(
          'Customers',
          ['name', 'domain', 'id', 'relationship'],
          customers.flatMap(({ profile }) =>
            profile
              ? [[profile.companyName, profile.domain, profile.customerId, profile.relationshipToPartner]]
              : [],
          ),
        )}
        ${customers.filter(hasWork).map((customer) => customerSection(customer, now, settings))}
        <h2>All customers</h2>
        ${table(
          'Pending faults',
          ['operation', 'passes first', 'happens', 'effect'],
          faults.map(({ fault, skip, times }) => [
            fault.operation ?? 'any',
            skip,
            times,
            JSON.stringify(fault.effect),
          ]),
        )}
        ${table(
          'Last requests',
          ['time', 'request', 'operation', 'fault', 'answer'],
          emulator.requests.slice(-shownRequests).toReversed().map(requestRow),
        )}
      </body>
    </html>`
  return new Response(String(await page), { headers: pageHeaders(nonce) })
}

/** Whether there is anything but the name. */
function hasWork({ batches, uploads, policies }: CustomerSnapshot): boolean {
  return batches.length + uploads.length + policies.length > 0
}

function customerSection(
  { customerId, profile, batches, uploads, policies }: CustomerSnapshot,
  now: number,
  settings: EmulatorSettings,
): Html {
  return html`<h2>Customer ${profile?.companyName ?? ''} <code>${customerId}</code></h2>
    ${table(
      'Batches',
      ['batch', 'devices', 'uploads'],
      batches.map(({ id, devices, uploads }) => [
        id,
        devices.filter(({ registeredAt }) => registeredAt <= now).length,
        uploads.length,
      ]),
    )}
    ${table(
      'Uploads',
      ['tracking ID', 'batch', 'status', 'devices', 'MS-RequestId'],
      uploads.map((upload) => {
        const { status, devicesStatus } = uploadDetailsAt(upload, now, settings)
        return [
          upload.batchTrackingId,
          upload.batchId ?? '(policy update)',
          status,
          countByStatus(devicesStatus ?? []),
          upload.requestId ?? '',
        ]
      }),
    )}
    ${table(
      'Policies',
      ['policy', 'id', 'settings'],
      policies.map(({ id, name, policySettings }) => [name, id, policySettings.join(', ')]),
    )}`
}

/** Such as `20 finished, 5 finished_with_errors (808)`. */
function countByStatus(devices: readonly DeviceUploadDetails[]): string {
  const counts = new Map<string, number>()
  for (const { status, errorCode } of devices) {
    const words = errorCode === undefined ? `${status}` : `${status} (${errorCode})`
    counts.set(words, (counts.get(words) ?? 0) + 1)
  }
  return [...counts].map(([words, count]) => `${count} ${words}`).join(', ')
}

function requestRow({ at, method, path, operation, fault, status }: RecordedRequest): Cell[] {
  return [new Date(at).toISOString(), `${method} ${path}`, operation ?? '', fault ?? '', status ?? '(none)']
}

type Cell = string | number

function table(title: string, heads: readonly string[], rows: readonly (readonly Cell[])[]): Html {
  if (rows.length === 0) return html`<h3>${title}: none</h3>`
  return html`<h3>${title}</h3>
    <div class="wide">
      <table>
        <tr>
          ${heads.map((head) => html`<th>${head}</th>`)}
        </tr>
        ${rows.map(
          (row) =>
            html`<tr>
              ${row.map((cell) => html`<td>${cell}</td>`)}
            </tr>`,
        )}
      </table>
    </div>`
}

function button(endpoint: string, label: string, name: string, value: string): Html {
  return html`<form method="post" action="/_emulator/${endpoint}">
    <button name="${name}" value="${value}">${label}</button>
  </form>`
}
