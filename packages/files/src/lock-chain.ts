/**
 * How is the holder of a lock recorded? In a chain of files, of which the last one counts.
 *
 * The lock file names its owner by a token that is never reused. A process that takes over from an owner that is gone creates
 * the file `<lock file>.<token of that owner>`, and only one process can; a long name is cut off before the token. A lock file that is
 * read, deleted and created again cannot offer that: here a process takes over from the owner it inspected, never from one that
 * came later.
 */
import { constants } from 'node:fs'
import type { FileHandle } from 'node:fs/promises'
import { open, rename, rm, writeFile } from 'node:fs/promises'

import type { LockOwner } from './lock-owner.ts'
import { createToken, parseOwner } from './lock-owner.ts'
import { codeOf, patiently } from './patiently.ts'
import { publish } from './publish.ts'
import { nameBeside, temporaryName } from './replace-file.ts'

/** One file of the chain. */
export interface LockNode {
  name: string
  /** The token of its owner, or a fingerprint of the file when it names no owner. */
  id: string
  owner: LockOwner | undefined
  /** When the owner last sent a heartbeat, by the file system's clock: compare it only with other values of the same file. */
  beat: bigint
}

/** Reads the chain of a lock, the lock file first; empty when nobody holds it. */
export async function readChain(path: string): Promise<LockNode[]> {
  const chain: LockNode[] = []
  for (let name = path; ; name = successorOf(path, chain.at(-1)!.id)) {
    const node = await readNode(name)
    if (!node) return chain
    chain.push(node)
  }
}

/** Reads one file of a chain; `undefined` when it is gone. */
export function readNode(name: string): Promise<LockNode | undefined> {
  return openNode(name, constants.O_RDONLY, async (_, node) => node)
}

/** Sends a heartbeat. Returns whether this process still holds the lock. */
export async function sendHeartbeat(path: string, { token }: LockOwner): Promise<boolean> {
  const isOwn = await openNode(path, constants.O_RDWR, async (file, { id }) => {
    if (id !== token) return false
    // On the open file: by now, another file may have this name.
    await file.utimes(new Date(), new Date())
    return true
  })
  return isOwn === true && (await readNode(successorOf(path, token))) === undefined
}

async function openNode<T>(
  name: string,
  flags: number,
  use: (file: FileHandle, node: LockNode) => Promise<T>,
): Promise<T | undefined> {
  let file
  try {
    // Open it, because network drives may report a stale time for a file that is not open. A link here was not created by this
    // package.
    file = await patiently(() => open(name, flags | (constants.O_NOFOLLOW ?? 0)))
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined
    throw error
  }
  try {
    const owner = parseOwner(await file.readFile('utf8'))
    const { ino, mtimeNs } = await file.stat({ bigint: true })
    return await use(file, { name, owner, id: owner?.token ?? `unnamed-${ino}-${mtimeNs}`, beat: mtimeNs })
  } finally {
    await file.close()
  }
}

/** Takes the place after the abandoned node `end`, or the first place. Returns whether this process got it. */
export async function takePlace(path: string, owner: LockOwner, end: LockNode | undefined): Promise<boolean> {
  const name = end ? successorOf(path, end.id) : path
  if (!(await createNode(path, name, owner))) return false
  if (!end) return true
  const chain = await readChain(path)
  if (chain.at(-1)?.id !== owner.token) {
    // Another process took over, and has already removed the node that this process wanted to replace.
    await rm(name, { force: true })
    return false
  }
  // Only the owner of the last file may change the files before it, so this is not a race.
  await patiently(() => rename(name, path))
  for (const { name: earlier } of chain.slice(1, -1)) await rm(earlier, { force: true })
  return true
}

/** Gives up the place, unless another process has taken over. */
export async function leavePlace(path: string, owner: LockOwner): Promise<void> {
  const name = successorOf(path, owner.token)
  // Only the last owner in the chain may remove the files before it; without this node, a process that takes over now would be
  // removed.
  if (!(await createNode(path, name, { ...owner, token: createToken() }))) return
  if ((await readNode(path))?.id === owner.token) await patiently(() => rm(path, { force: true }))
  await rm(name, { force: true })
}

async function createNode(path: string, name: string, owner: LockOwner): Promise<boolean> {
  const temporary = temporaryName(path)
  try {
    await writeFile(temporary, `${JSON.stringify(owner)}\n`, { flag: 'wx', mode: 0o600 })
    return await publish(temporary, name)
  } finally {
    await rm(temporary, { force: true })
  }
}

function successorOf(path: string, id: string): string {
  return nameBeside(path, id)
}
