/** Where a form may lead back to. */

/** A path of this site; anything else is the first page. */
export function localPath(path: unknown): string {
  return typeof path === 'string' && /^\/(?![/\\])[^\s\\]*$/.test(path) ? path : '/'
}
