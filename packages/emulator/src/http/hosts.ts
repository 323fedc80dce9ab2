/** Which host names a server accepts: a page that rebinds its own name to this machine must not read the emulator's data. */

/** Whether the host is this machine, whatever its port: `localhost` and names below it, 127.0.0.0/8, and `[::1]`. */
export function isLoopback(hostname: string): boolean {
  return /^(?:(?:.+\.)?localhost|127(?:\.\d+){3}|\[::1\])$/.test(hostname)
}

/**
 * The response to a request for a foreign host; undefined for any other request. Only a request that came over a network has a
 * `Host` header. A page that rebinds its own name to this machine sends that name there, with a matching `Origin` or
 * none.
 */
export function refuseHost(request: Request, allowedHosts: readonly string[]): Response | undefined {
  const host = request.headers.get('Host')
  if (host === null) return undefined
  const url = `http://${host}`
  const hostname = URL.canParse(url) ? new URL(url).hostname : host
  if (isLoopback(hostname) || allowedHosts.includes(hostname)) return undefined
  const error = `The emulator is not served as ${JSON.stringify(host)}. Use 127.0.0.1, localhost or [::1], or name the host in the option allowedHosts.`
  return Response.json({ error }, { status: 403 })
}
