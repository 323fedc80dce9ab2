/** Which languages does the dashboard speak? */

/** The available languages by BCP 47 tag, each with its own name. */
export const languages = {
  en: 'English',
  cs: 'Čeština',
  fr: 'Français',
  'pt-PT': 'Português',
  tr: 'Türkçe',
  'zh-TW': '繁體中文',
} as const

/** One of them. */
export type Language = keyof typeof languages
