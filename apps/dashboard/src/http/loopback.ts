/** Is it this machine? */
import { isLoopbackHost } from '@devicebatch/edge/internal'

/** Whether a host, as in a URL or as an address to listen on, is this machine. */
export function isLoopback(host: string): boolean {
  return host === '::1' || isLoopbackHost(host)
}
