/** Where may a form lead back to? */

const site = 'http://site.invalid'

/** A path of this site, encoded as a header needs it; anything else is the first page. */
export function localPath(path: unknown): string {
  const url = typeof path === 'string' && path.startsWith('/') ? URL.parse(path, site) : null
  // A resolved path that begins with two slashes would name another site.
  if (url?.origin !== site || url.pathname.startsWith('//')) return '/'
  return url.pathname + url.search
}
