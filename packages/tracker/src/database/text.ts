/** Which text can be stored? */

/** The maximum length of a stored text, so that its index entry fits into a page of any encoding. */
export const longestText = 500

/** The maximum length of an error code, which shares an index entry with the error's description. */
export const longestCode = 100

/**
 * Text from outside as PostgreSQL can store it: without NUL and lone surrogates, which no text can contain, and cut, because an index
 * refuses longer ones.
 */
export function storableText(text: string, longest: number = longestText): string {
  return text
    .replaceAll('\0', '')
    .slice(0, longest)
    .replaceAll(/\p{Surrogate}/gu, '\ufffd')
}

/** Whether a text is stored exactly as it is. */
export function isStorable(text: string): boolean {
  return storableText(text) === text
}
