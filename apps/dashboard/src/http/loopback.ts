/** Is it this machine? */
import { isLoopbackHost } from '@devicebatch/edge/internal'

/** Whether a host is this machine, as it stands in a URL or as a server listens on it. */
export function isLoopback(host: string): boolean {
  return host === '::1' || isLoopbackHost(host)
}
