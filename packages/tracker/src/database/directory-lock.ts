/** PGlite does not see that another process has its directory open, and two of them would destroy it. */
import { mkdir, open, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'

import { DatabaseError } from '../errors.ts'

/**
 * Makes this process the only one to use the directory. Rejects with `DatabaseError` when another one does; what a process
 * that is gone left behind is taken over.
 *
 * @returns What gives it free again.
 */
export async function lockDirectory(directory: string): Promise<() => Promise<void>> {
  await mkdir(directory, { recursive: true })
  const file = join(directory, 'process.pid')
  for (let tries = 0; ; tries++) {
    try {
      const handle = await open(file, 'wx')
      await handle.writeFile(String(process.pid))
      await handle.close()
      return () => rm(file, { force: true })
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
    const holder = Number(await readFile(file, 'utf8').catch(() => ''))
    if (tries > 2 || (holder && isRunning(holder))) {
      throw new DatabaseError(
        'in-use',
        `The directory ${directory} is used by process ${holder || 'of another tracker'}, and only one process at a time can. ` +
          'Stop that one, or give both the URL of a PostgreSQL server as `database`.',
      )
    }
    await rm(file, { force: true })
  }
}

function isRunning(processId: number): boolean {
  try {
    process.kill(processId, 0)
    return true
  } catch (error) {
    // There is one, of another user.
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
