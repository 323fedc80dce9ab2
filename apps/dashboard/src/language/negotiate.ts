/** Which of our languages does a browser prefer? Compared by language and script, as CLDR completes them. */
import type { Language } from './languages.ts'
import { languages } from './languages.ts'

/** More languages than anybody reads. */
const mostRanges = 20

/** The first preferred language that is available; otherwise English, rather than a related language in another script. */
export function negotiateLanguage(header = ''): Language {
  const wanted = header
    .split(',', mostRanges)
    .map((range) => {
      const [tag = '', ...parameters] = range.split(';').map((part) => part.trim())
      const weight = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2)
      return { tag, weight: weight === undefined ? 1 : Number(weight) }
    })
    .filter(({ weight }) => weight > 0)
    .toSorted((one, other) => other.weight - one.weight)
  for (const { tag } of wanted) {
    const key = written(tag)
    const found = key && offered.get(key)
    if (found) return found
  }
  return 'en'
}

const offered = new Map(
  (Object.keys(languages) as Language[]).map((language) => [written(language), language]),
)

/** Such as `zh-Hans` for `zh`, `zh-CN` and `zh-SG`; `undefined` for anything that is not a language. */
function written(tag: string): string | undefined {
  try {
    const locale = new Intl.Locale(tag).maximize()
    return `${locale.language}-${locale.script}`
  } catch {
    return undefined
  }
}
