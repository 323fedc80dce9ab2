/** In which language is this page? By the visitor's choice, then by what the browser asks for. */
import type { Context, MiddlewareHandler } from 'hono'
import { setCookie } from 'hono/cookie'
import { languageDetector } from 'hono/language'

import { readForm } from '../http/form.ts'
import { localPath } from '../http/local-path.ts'
import type { Site } from '../site.ts'
import { languages } from './languages.ts'

const cookie = 'language'

/** Finds the language of each request and sets it as the variable `language`. */
export const detectLanguage: MiddlewareHandler = languageDetector({
  order: ['cookie', 'header'],
  lookupCookie: cookie,
  caches: false,
  supportedLanguages: Object.keys(languages),
  fallbackLanguage: 'en',
  // There is one Portuguese and one Chinese here, which is nearer than English.
  convertDetectedLanguage: (asked) => asked.replace(/^pt(-.*)?$/i, 'pt-PT').replace(/^zh(-.*)?$/i, 'zh-TW'),
})

/** `POST /language`: keeps the choice for a year, and goes back to the page. */
export async function chooseLanguage(c: Context<Site>): Promise<Response> {
  const { language, back } = await readForm(c)
  if (typeof language === 'string' && Object.hasOwn(languages, language)) {
    setCookie(c, cookie, language, {
      path: '/',
      httpOnly: true,
      sameSite: 'Lax',
      secure: c.var.services.isSecure,
      maxAge: 31_536_000,
    })
  }
  return c.redirect(localPath(back), 303)
}
