/** What is paused, and pausing a customer or everything. */
import type { Pauses } from '@devicebatch/tracker'
import type { Context } from 'hono'
import { html } from 'hono/html'

import type { Names } from '../customer-names.ts'
import { actor, logAction } from '../http/action.ts'
import { readForm } from '../http/form.ts'
import type { MessageName } from '../language/translate.ts'
import type { Site } from '../site.ts'
import { actorText, customerText, time } from './components.ts'
import type { Html } from './layout.ts'
import { mayChange } from './layout.ts'

/** `POST /pause`: pauses the customer in the form, or everything. */
export async function pauseUploads(c: Context<Site>): Promise<Response> {
  const { customerId, back } = await scopeOf(c)
  await c.var.services.tracker.pause({ customerId, ...actor(c) })
  logAction(c, customerId === undefined ? 'paused everything' : `paused customer ${customerId}`)
  return c.redirect(back, 303)
}

/** `POST /continue`: ends that pause. */
export async function continueUploads(c: Context<Site>): Promise<Response> {
  const { customerId, back } = await scopeOf(c)
  await c.var.services.tracker.unpause({ customerId })
  logAction(c, customerId === undefined ? 'continued everything' : `continued customer ${customerId}`)
  return c.redirect(back, 303)
}

async function scopeOf(c: Context<Site>): Promise<{ customerId: string | undefined; back: string }> {
  const { customerId } = await readForm(c)
  return typeof customerId === 'string' && customerId !== ''
    ? { customerId, back: `/?${new URLSearchParams({ customerId })}` }
    : { customerId: undefined, back: '/' }
}

/** What is paused, since when and by whom; operators can end it. */
export function pauseNotes(c: Context<Site>, pauses: Pauses, names: Names): Html {
  const { messages } = c.var
  const { t } = messages
  const note = (id: string, title: Html | string, since: string, by: string | undefined): Html =>
    html`<div class="note">
      <p>
        ${title} ${by === undefined ? '' : t('pause.by', { by: actorText(messages, by) })}
        <small>${time(messages, since)}</small>
      </p>
      ${mayChange(c) ? scopeForm(c, '/continue', id, 'pause.continue') : ''}
    </div>`
  const { everythingSince, everythingBy, customers } = pauses
  return html`
    ${everythingSince === undefined ? '' : note('', t('pause.allPaused'), everythingSince, everythingBy)}
    ${customers.map(({ customerId, pausedSince, pausedBy }) =>
      note(
        customerId,
        html`${customerText(names, customerId)}: ${t('pause.customerPaused')}`,
        pausedSince,
        pausedBy,
      ),
    )}
  `
}

/** Pauses the customer that the page is filtered by, or everything, unless that is paused already. */
export function pauseButton(c: Context<Site>, pauses: Pauses, customerId = ''): Html | '' {
  const isPaused = customerId
    ? pauses.customers.some((one) => one.customerId === customerId.toLowerCase())
    : pauses.everythingSince !== undefined
  if (isPaused || !mayChange(c)) return ''
  return scopeForm(c, '/pause', customerId, customerId ? 'pause.customer' : 'pause.all')
}

function scopeForm(c: Context<Site>, path: string, customerId: string, text: MessageName): Html {
  return html`<form method="post" action="${path}">
    <input type="hidden" name="customerId" value="${customerId}" />
    <button>${c.var.messages.t(text)}</button>
  </form>`
}
