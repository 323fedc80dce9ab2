/** The first sentence of a text, and the rest of it. */
import type { Language } from './languages.ts'

export function splitFirstSentence(text: string, language: Language): [first: string, rest: string] {
  const [first = { segment: text }] = new Intl.Segmenter(language, { granularity: 'sentence' }).segment(text)
  return [first.segment.trim(), text.slice(first.segment.length)]
}
