/** Whether the text is a GUID in its usual form, in any case. */
export function isGuid(text: string | null | undefined): text is string {
  return /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i.test(text ?? '')
}
