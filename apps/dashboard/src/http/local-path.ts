/** Where may a form redirect to? */

const site = 'http://site.invalid'

/** A path of this site, encoded for a header; for anything else, the first page. */
export function localPath(path: unknown): string {
  const url = typeof path === 'string' && path.startsWith('/') ? URL.parse(path, site) : null
  // A resolved path that begins with two slashes would lead to another site.
  if (url?.origin !== site || url.pathname.startsWith('//')) return '/'
  return url.pathname + url.search
}
