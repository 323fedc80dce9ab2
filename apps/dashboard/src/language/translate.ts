/** Localization: texts from `messages`; numbers, times and plurals from `Intl`. */
import { IntlMessageFormat } from 'intl-messageformat'

import cs from '../messages/cs.json' with { type: 'json' }
import en from '../messages/en.json' with { type: 'json' }
import fr from '../messages/fr.json' with { type: 'json' }
import ptPT from '../messages/pt-PT.json' with { type: 'json' }
import tr from '../messages/tr.json' with { type: 'json' }
import zhTW from '../messages/zh-TW.json' with { type: 'json' }
import type { Language } from './languages.ts'

/** The name of a text. */
export type MessageName = keyof typeof en

/** All texts of a language, in ICU MessageFormat. A missing one is a compile error. */
export type Texts = Readonly<Record<MessageName, string>>

export const texts: Readonly<Record<Language, Texts>> = { en, cs, fr, 'pt-PT': ptPT, tr, 'zh-TW': zhTW }

type Values = Readonly<Record<string, string | number>>

/** The texts and formats of one language. */
export interface Messages {
  language: Language
  /** The text with this name, with its values inserted. */
  t: (name: MessageName, values?: Values) => string
  /** The text with a name derived from what the service sent, if there is one. */
  tIfKnown: (name: string, values?: Values) => string | undefined
  number: (value: number) => string
  /** The delimiter of CSV files that spreadsheet programs in this language open: a semicolon where numbers have a comma. */
  delimiter: ',' | ';'
  /** A number for an axis: thousands and millions in a short form. */
  shortNumber: (value: number) => string
  /** A time as text, in UTC; with JavaScript, it is shown in the browser's time zone. */
  time: (iso: string) => string
  day: (iso: string) => string
  /** A day without its year, for an axis. */
  shortDay: (iso: string) => string
  /** The hour of a time in UTC, for an axis. */
  hour: (iso: string) => string
  /** Formats durations of up to this many minutes in one unit: seconds, minutes or hours, whichever fits. */
  duration: (longestMinutes: number) => (minutes: number) => string
}

const made = new Map<Language, Messages>()

/** The messages of a language. */
export function messagesOf(language: Language): Messages {
  let messages = made.get(language)
  if (!messages) made.set(language, (messages = makeMessages(language)))
  return messages
}

function makeMessages(language: Language): Messages {
  const own = texts[language]
  const formats = new Map<string, IntlMessageFormat>()
  const number = new Intl.NumberFormat(language)
  const shortNumber = new Intl.NumberFormat(language, { notation: 'compact' })
  const time = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short', timeZone: 'UTC' })
  const day = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeZone: 'UTC' })
  const shortDay = new Intl.DateTimeFormat(language, { month: 'short', day: 'numeric', timeZone: 'UTC' })
  const hour = new Intl.DateTimeFormat(language, { hour: 'numeric', minute: '2-digit', timeZone: 'UTC' })
  const tIfKnown: Messages['tIfKnown'] = (name, values) => {
    if (!Object.hasOwn(own, name)) return undefined
    let format = formats.get(name)
    if (!format) {
      format = new IntlMessageFormat(own[name as MessageName], language, undefined, { ignoreTag: true })
      formats.set(name, format)
    }
    return String(format.format(values))
  }
  return {
    language,
    t: (name, values) => tIfKnown(name, values)!,
    tIfKnown,
    number: (value) => number.format(value),
    delimiter: number.formatToParts(0.5).some(({ value }) => value === ',') ? ';' : ',',
    shortNumber: (value) => (value < 10_000 ? number : shortNumber).format(value),
    time: (iso) => `${time.format(new Date(iso))} UTC`,
    day: (iso) => day.format(new Date(iso)),
    shortDay: (iso) => shortDay.format(new Date(iso)),
    hour: (iso) => hour.format(new Date(iso)),
    duration(longestMinutes) {
      const { unit, perMinute } = unitFor(longestMinutes)
      const format = new Intl.NumberFormat(language, {
        style: 'unit',
        unit,
        unitDisplay: 'short',
        maximumFractionDigits: 1,
      })
      return (minutes) => format.format(minutes * perMinute)
    },
  }
}

function unitFor(minutes: number): { unit: 'second' | 'minute' | 'hour'; perMinute: number } {
  if (minutes < 2) return { unit: 'second', perMinute: 60 }
  return minutes < 120 ? { unit: 'minute', perMinute: 1 } : { unit: 'hour', perMinute: 1 / 60 }
}
