/** What stands around every page. */
import type { Context } from 'hono'
import { html, raw } from 'hono/html'

import { assets } from '../http/assets.ts'
import { languages } from '../language/languages.ts'
import type { Site } from '../site.ts'

/** A piece of a page; what is put into it is escaped. */
export type Html = ReturnType<typeof html>

/** A page. */
export interface Page {
  title: string
  /** The part of the site, marked in the navigation. */
  part?: '/' | '/uploads/new' | '/statistics' | undefined
  body: Html
  /** What the page shows of the tracker's events: those of these ids, or all. Without it the page is not live. */
  shows?: readonly string[] | 'all'
  status?: 200 | 400 | 401 | 403 | 404 | 409 | 410 | 413 | 422 | 429 | 500 | 502 | 503
}

const sections = [
  ['/', 'nav.uploads'],
  ['/uploads/new', 'nav.newUpload'],
  ['/statistics', 'nav.statistics'],
] as const

/** Answers with a page. */
export async function answer(c: Context<Site>, page: Page): Promise<Response> {
  const { messages, services, isSignedIn } = c.var
  const { t, language } = messages
  const { pathname, search } = new URL(c.req.url)
  c.header('Content-Language', language)
  c.header('Cache-Control', 'no-store')
  return await c.html(
    html`<!doctype html>
      <html lang="${language}">
        <head>
          <meta charset="utf-8" />
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          <meta name="color-scheme" content="light dark" />
          <title>${page.title} – ${t('site.name')}</title>
          <link rel="icon" href="${assets['icon.svg'].url}" type="image/svg+xml" />
          <link rel="stylesheet" href="${assets['style.css'].url}" />
          <script src="${assets['page.js'].url}" type="module"></script>
        </head>
        <body ${showsUpTo(c, page.shows)}>
          <a class="skip" href="#main">${t('site.skip')}</a>
          ${services.emulated ? html`<aside class="emulated">${t('site.emulated')}</aside>` : ''}
          <header>
            <a class="name" href="/">${t('site.name')}</a>
            <nav aria-label="${t('nav.label')}">
              ${sections.map(
                ([path, name]) =>
                  html`<a href="${path}" ${page.part === path ? raw('aria-current="page"') : ''}
                    >${t(name)}</a
                  >`,
              )}
            </nav>
            <form class="search" action="/search" role="search">
              <label for="search">${t('search.label')}</label>
              <input
                id="search"
                name="serialNumber"
                type="search"
                required
                autocomplete="off"
                spellcheck="false"
              />
              <button>${t('search.button')}</button>
            </form>
          </header>
          <main id="main" tabindex="-1">${page.body}</main>
          <footer>
            <p
              id="connection"
              role="status"
              data-open="${t('live.on')}"
              data-lost="${t('live.lost')}"
              data-refused="${t('live.refused')}"
            ></p>
            <p id="announcement" class="unseen" role="status"></p>
            <form method="post" action="/language">
              <input type="hidden" name="back" value="${c.req.method === 'GET' ? pathname + search : '/'}" />
              <label for="language">${t('language.label')}</label>
              <select id="language" name="language">
                ${Object.entries(languages).map(
                  ([tag, name]) =>
                    html`<option value="${tag}" lang="${tag}" ${tag === language ? raw('selected') : ''}>
                      ${name}
                    </option>`,
                )}
              </select>
              <button>${t('language.button')}</button>
            </form>
            ${
              isSignedIn
                ? html`<form method="post" action="/sign-out"><button>${t('signIn.out')}</button></form>`
                : ''
            }
          </footer>
        </body>
      </html>`,
    page.status ?? 200,
  )
}

/** What the script of the page has to know: what to look for, and from where on. */
function showsUpTo(c: Context<Site>, shows: Page['shows']): Html | '' {
  if (shows === undefined) return ''
  return html`data-shows="${typeof shows === 'string' ? shows : shows.join(' ')}"
  data-position="${c.var.position}"`
}
