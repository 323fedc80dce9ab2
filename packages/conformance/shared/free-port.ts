/** Ports for servers that start later, or stop and start again. */
import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:net'

const taken = new Set<number>()

/**
 * A port of 127.0.0.1 that nothing listens on. It is below those that Linux, macOS and Windows give to outgoing connections and to
 * whoever asks for any port, so none of them takes it before its server has started.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(20_000, 32_768)
    if (taken.has(port) || !(await isFree(port))) continue
    taken.add(port)
    return port
  }
}

async function isFree(port: number): Promise<boolean> {
  const probe = createServer()
  try {
    await once(probe.listen(port, '127.0.0.1'), 'listening')
  } catch {
    return false
  }
  await once(probe.close(), 'close')
  return true
}
