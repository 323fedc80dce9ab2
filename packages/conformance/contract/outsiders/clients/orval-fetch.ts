/** How the client that Orval generates sends its requests: Orval leaves the base URL and the token to a function of the user. */

interface Options extends RequestInit {
  /** Ends in `/v1`. */
  baseUrl?: string
  token?: string
}

export async function orvalFetch<T>(path: string, { baseUrl, token, ...init }: Options): Promise<T> {
  const headers = new Headers(init.headers)
  headers.set('Authorization', `Bearer ${token}`)
  const response = await fetch(`${baseUrl}${path}`, { ...init, headers })
  const text = await response.text()
  const data: unknown = text === '' ? undefined : JSON.parse(text)
  return { data, status: response.status, headers: response.headers } as T
}
