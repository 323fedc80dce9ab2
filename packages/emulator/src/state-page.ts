/** The page at `/_emulator`: what is in the emulator, for a person who looks. */

import { html } from 'hono/html'

import type { Emulator } from './emulator.ts'
import type { FaultRule } from './faults.ts'
import { uploadStatusAt } from './lifecycle.ts'
import { pageHeaders } from './page-headers.ts'
import type { RecordedRequest } from './requests.ts'
import type { CustomerSnapshot } from './snapshot.ts'

const shownRequests = 50

type Html = ReturnType<typeof html>

/** The page. Everything that came from outside is escaped by the template. */
export async function statePage(emulator: Emulator, faults: readonly FaultRule[]): Promise<Response> {
  const { customers } = emulator.snapshot()
  const now = emulator.clock.now()
  const nonce = crypto.randomUUID()
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <title>devicebatch emulator</title>
        <style nonce="${nonce}">
          body {
            font:
              15px/1.5 system-ui,
              sans-serif;
            margin: 2rem;
            color: #222;
            background: #fff;
          }
          table {
            border-collapse: collapse;
            margin: 0.5rem 0 1.5rem;
          }
          th,
          td {
            border: 1px solid #ccc;
            padding: 0.2rem 0.6rem;
            text-align: left;
            vertical-align: top;
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
        ${customers.map((customer) => customerSection(customer, now))}
        <h2>Faults still to come</h2>
        ${table(
          ['operation', 'passes first', 'happens', 'effect'],
          faults.map(({ fault, skip, times }) => [
            fault.operation ?? 'any',
            skip,
            times,
            JSON.stringify(fault.effect),
          ]),
        )}
        <h2>Last requests</h2>
        ${table(
          ['time', 'request', 'operation', 'fault', 'answer'],
          emulator.requests.slice(-shownRequests).toReversed().map(requestRow),
        )}
      </body>
    </html>`
  return new Response(String(await page), { headers: pageHeaders(nonce) })
}

function customerSection({ customerId, batches, uploads, policies }: CustomerSnapshot, now: number): Html {
  return html`<h2>Customer <code>${customerId}</code></h2>
    ${table(
      ['batch', 'devices', 'uploads'],
      batches.map(({ id, devices, uploads }) => [
        id,
        devices.filter(({ registeredAt }) => registeredAt <= now).length,
        uploads.length,
      ]),
    )}
    ${table(
      ['tracking id', 'batch', 'status', 'devices', 'MS-RequestId'],
      uploads.map((upload) => [
        upload.batchTrackingId,
        upload.batchId ?? '(policy update)',
        uploadStatusAt(upload, now, { batchStatusTellsErrors: false }),
        upload.devices.length,
        upload.requestId ?? '',
      ]),
    )}
    ${table(
      ['policy', 'id', 'settings'],
      policies.map(({ id, name, policySettings }) => [name, id, policySettings.join(', ')]),
    )}`
}

function requestRow({ at, method, path, operation, fault, status }: RecordedRequest): Cell[] {
  return [new Date(at).toISOString(), `${method} ${path}`, operation ?? '', fault ?? '', status ?? '(none)']
}

type Cell = string | number

function table(heads: readonly string[], rows: readonly (readonly Cell[])[]): Html {
  if (rows.length === 0) return html`<p>No ${heads[0] === 'time' ? 'requests' : `${heads[0]}`} yet.</p>`
  return html`<table>
    <tr>
      ${heads.map((head) => html`<th>${head}</th>`)}
    </tr>
    ${rows.map(
      (row) =>
        html`<tr>
          ${row.map((cell) => html`<td>${cell}</td>`)}
        </tr>`,
    )}
  </table>`
}

function button(endpoint: string, label: string, name: string, value: string): Html {
  return html`<form method="post" action="/_emulator/${endpoint}">
    <button name="${name}" value="${value}">${label}</button>
  </form>`
}
