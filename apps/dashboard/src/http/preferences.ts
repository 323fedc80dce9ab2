/** The visitor's choices at the top of the page: language and theme, each kept for a year. */
import type { Context, MiddlewareHandler } from 'hono'
import { getCookie, setCookie } from 'hono/cookie'

import { languages } from '../language/languages.ts'
import type { Language } from '../language/languages.ts'
import { negotiateLanguage } from '../language/negotiate.ts'
import { messagesOf } from '../language/translate.ts'
import type { Site } from '../site.ts'
import { readForm } from './form.ts'
import { localPath } from './local-path.ts'
import { themes } from './themes.ts'

const [languageCookie, themeCookie] = ['language', 'theme']

/** Finds the language and the theme of each request. */
export const findPreferences: MiddlewareHandler<Site> = async (c, next) => {
  const chosen = getCookie(c, languageCookie)
  const language = isLanguage(chosen) ? chosen : negotiateLanguage(c.req.header('Accept-Language'))
  c.set('messages', messagesOf(language))
  c.set('theme', themes.find((theme) => theme === getCookie(c, themeCookie)) ?? 'system')
  await next()
}

/** `POST /preferences`: saves the choice and returns to the page. */
export async function choosePreferences(c: Context<Site>): Promise<Response> {
  const { language, theme, back } = await readForm(c)
  if (isLanguage(language)) keep(c, languageCookie, language)
  const knownTheme = themes.find((one) => one === theme)
  if (knownTheme) keep(c, themeCookie, knownTheme)
  return c.redirect(localPath(back), 303)
}

function keep(c: Context<Site>, name: string, value: string): void {
  setCookie(c, name, value, {
    path: '/',
    httpOnly: true,
    sameSite: 'Lax',
    secure: c.var.services.isSecure,
    maxAge: 31_536_000,
  })
}

function isLanguage(value: unknown): value is Language {
  return typeof value === 'string' && Object.hasOwn(languages, value)
}
