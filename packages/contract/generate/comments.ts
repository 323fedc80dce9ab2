/**
 * What an editor shows above a generated type. The document's descriptions end with where they come from; in a comment,
 * prose comes first and the rest stands behind `@remarks`, which editors set apart.
 */

/** A description of the document in its two parts. */
interface Parts {
  prose: string
  /** From the first line that says who may call, which sources disagree, or where it comes from. */
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
 * Moves the prose of every description below `node` to where openapi-typescript starts a comment, the `summary`, and leaves
 * the remarks as the description.
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
    // An example is a body of the service, whose own `description` describes no type.
    if (key === 'example' || key === 'examples') continue
    if (typeof child === 'object' && child !== null) splitDescriptions(child)
  }
}

/**
 * Calls the remarks by their tag, and takes back the four columns that openapi-typescript indents every further line of a
 * comment by: after an empty line an editor would show such a paragraph as code.
 */
export function toEditorComments(types: string): string {
  return types.replaceAll('* @description ', '* @remarks ').replaceAll(/^(\s*\*) {5}/gm, '$1 ')
}
