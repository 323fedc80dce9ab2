/**
 * What an editor shows above a generated type. The document's descriptions end with their sources; in a comment, prose comes
 * first and the rest follows `@remarks`, which editors show separately.
 */

/** The two parts of a description in the document. */
interface Parts {
  prose: string
  /** Starts at the first line about permissions, conflicting sources, or the source. */
  remarks: string
}

const remark = /^(?:Auth|Roles|Conflict|Source[^:\n]*): /m

function splitDescription(description: string): Parts {
  const at = description.search(remark)
  return at === -1
    ? { prose: description.trim(), remarks: '' }
    : { prose: description.slice(0, at).trim(), remarks: description.slice(at).trim() }
}

/**
 * Moves the prose of every description below `node` into the `summary`, with which openapi-typescript starts a comment, and
 * leaves the remarks as the description.
 */
export function splitDescriptions(node: object): void {
  const described: { summary?: unknown; description?: unknown } = node
  if (typeof described.description === 'string') {
    const { prose, remarks } = splitDescription(described.description)
    const summary = typeof described.summary === 'string' ? [described.summary, prose] : [prose]
    described.summary = summary.filter((part) => part !== '').join('\n\n')
    described.description = remarks
  }
  for (const [key, child] of Object.entries<unknown>({ ...node })) {
    // The `description` in an example body does not describe a type.
    if (key === 'example' || key === 'examples') continue
    if (typeof child === 'object' && child !== null) splitDescriptions(child)
  }
}

/**
 * Tags the remarks, and removes the four columns by which openapi-typescript indents further lines of a comment: after an empty
 * line, an editor would show such a paragraph as code.
 */
export function toEditorComments(types: string): string {
  return types.replaceAll('* @description ', '* @remarks ').replaceAll(/^(\s*\*) {5}/gm, '$1 ')
}
