/** The frame around every page. */
import type { Context } from 'hono'
import { html, raw } from 'hono/html'

import { assets } from '../http/assets.ts'
import { themes } from '../http/themes.ts'
import { languages } from '../language/languages.ts'
import type { Messages } from '../language/translate.ts'
import type { Session } from '../sign-in/sessions.ts'
import type { Site } from '../site.ts'

/** A part of a page; inserted values are escaped. */
export type Html = ReturnType<typeof html>

/** A page. */
export interface Page {
  title: string
  /** The section of the site, marked in the navigation. */
  section?: '/' | '/uploads/new' | '/statistics' | '/operations' | undefined
  body: Html
  /** The tracker events that affect the page: those with these IDs, or all. Without it, the page is not live. */
  shows?: readonly string[] | 'all'
  status?: 200 | 400 | 401 | 403 | 404 | 409 | 410 | 413 | 422 | 429 | 500 | 502 | 503
}

const sections = [
  ['/', 'nav.uploads'],
  ['/uploads/new', 'nav.newUpload'],
  ['/statistics', 'nav.statistics'],
  ['/operations', 'nav.operations'],
] as const

/** Whether the page offers what changes something. */
export function mayChange(c: Context<Site>): boolean {
  return c.var.access === 'operator'
}

/** Responds with a page. */
export async function answer(c: Context<Site>, page: Page): Promise<Response> {
  const { messages, services, session, access, theme } = c.var
  const { t, language } = messages
  c.header('Content-Language', language)
  return await c.html(
    html`<!doctype html>
      <html lang="${language}" data-theme="${theme}">
        <head>
          <meta charset="utf-8" />
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          <meta name="color-scheme" content="${theme === 'system' ? 'light dark' : theme}" />
          <title>${page.title} – ${t('site.name')}</title>
          <link rel="icon" href="${assets['icon.svg'].url}" type="image/svg+xml" />
          <link rel="stylesheet" href="${assets['style.css'].url}" />
          <script src="${assets['page.js'].url}" type="module"></script>
        </head>
        <body ${showsUpTo(c, page.shows)}>
          <a class="skip" href="#main">${t('site.skip')}</a>
          <header>
            <div class="top">
              ${services.emulated ? html`<p class="emulated">${t('site.emulated')}</p>` : ''}
              ${preferencesForm(c)} ${session && access !== 'none' ? signOutForm(messages, session) : ''}
            </div>
            <div class="site">
              <a class="name" href="/">${t('site.name')}</a>
              ${access === 'none' ? '' : html`${navigation(c, page)} ${searchForm(c)}`}
            </div>
          </header>
          <main id="main" tabindex="-1">${page.body}</main>
          ${page.shows === undefined ? '' : connectionState(messages)}
        </body>
      </html>`,
    page.status ?? 200,
  )
}

function connectionState({ t }: Messages): Html {
  return html`<footer>
    <p
      id="connection"
      role="status"
      data-open="${t('live.on')}"
      data-lost="${t('live.lost')}"
      data-refused="${t('live.refused')}"
    ></p>
    <p id="announcement" class="unseen" role="status"></p>
  </footer>`
}

/** What the page's script needs to know: which events to watch for, and from which position. */
function showsUpTo(c: Context<Site>, shows: Page['shows']): Html | '' {
  if (shows === undefined) return ''
  return html`data-shows="${typeof shows === 'string' ? shows : shows.join(' ')}"
  data-position="${c.var.position}"`
}

/** With JavaScript, a choice takes effect at once; without it, with the button. */
function preferencesForm(c: Context<Site>): Html {
  const { t, language } = c.var.messages
  const { pathname, search } = new URL(c.req.url)
  const option = (value: string, text: string, isChosen: boolean, lang?: string): Html =>
    html`<option value="${value}" ${lang ? html`lang="${lang}"` : ''} ${isChosen ? raw('selected') : ''}>
      ${text}
    </option>`
  return html`<form id="preferences" class="preferences" method="post" action="/preferences">
    <input type="hidden" name="back" value="${c.req.method === 'GET' ? pathname + search : '/'}" />
    <label for="language" class="unseen">${t('language.label')}</label>
    <select id="language" name="language">
      ${Object.entries(languages).map(([tag, name]) => option(tag, name, tag === language, tag))}
    </select>
    <label for="theme" class="unseen">${t('theme.label')}</label>
    <select id="theme" name="theme">
      ${themes.map((theme) => option(theme, t(`theme.${theme}`), theme === c.var.theme))}
    </select>
    <button class="without-script">${t('preferences.button')}</button>
  </form>`
}

/** Says as whom; a reader also learns why there is nothing to press. */
function signOutForm({ t }: Messages, { person: { name }, role, openId }: Session): Html {
  return html`<form class="person" method="post" action="/sign-out">
    ${openId ? html`<span>${role === 'reader' ? t('signIn.readOnly', { name }) : name}</span>` : ''}
    <button>${t('signIn.out')}</button>
  </form>`
}

function navigation(c: Context<Site>, { section }: Page): Html {
  const { t } = c.var.messages
  const shown = sections.filter(([path]) => path !== '/uploads/new' || mayChange(c))
  return html`<nav aria-label="${t('nav.label')}">
    ${shown.map(
      ([path, name]) =>
        html`<a href="${path}" ${section === path ? raw('aria-current="page"') : ''}>${t(name)}</a>`,
    )}
  </nav>`
}

function searchForm(c: Context<Site>): Html {
  const { t } = c.var.messages
  return html`<form class="search" action="/search" role="search">
    <label for="search" class="unseen">${t('search.label')}</label>
    <input
      id="search"
      name="serialNumber"
      type="search"
      required
      autocomplete="off"
      autocapitalize="characters"
      spellcheck="false"
      placeholder="${t('field.serialNumber')}"
      value="${c.req.path === '/search' ? (c.req.query('serialNumber') ?? '') : ''}"
    />
    <button>${t('search.button')}</button>
  </form>`
}
