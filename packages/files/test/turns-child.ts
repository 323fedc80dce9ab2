/** Acquires a lock repeatedly, and reports to its parent any process it met while holding it. */
import { mkdir, readdir, rm } from 'node:fs/promises'
import { flushCompileCache } from 'node:module'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

import { FileLockedError, lockFile } from '../src/index.ts'

const folder = process.argv[2]!
const inside = join(folder, 'inside')
await mkdir(inside, { recursive: true })
const own = join(inside, String(process.pid))
process.on('disconnect', () => process.exit())
// A process that is killed would leave nothing of what it compiled to the next.
flushCompileCache()
for (;;) {
  try {
    const lock = await lockFile(join(folder, 'a.lock'))
    await mkdir(own)
    const others = (await readdir(inside)).map(Number).filter((pid) => pid !== process.pid)
    process.send!({ others })
    await sleep(Math.random() * 3)
    await rm(own, { recursive: true })
    await lock.release()
  } catch (error) {
    if (!(error instanceof FileLockedError)) throw error
    await sleep(Math.random() * 3)
  }
}
