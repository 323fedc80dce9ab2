/** Which languages does the dashboard speak? */

/** The languages that there are, by their BCP 47 tags, each with its own name. */
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
