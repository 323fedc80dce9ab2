/** A machine to deploy to that is a folder: where docs/deploying.md names a folder, a port or a service of a machine, it has its own. */
import { execFile } from 'node:child_process'
import {
  chmodSync,
  copyFileSync,
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, delimiter, dirname, join } from 'node:path'
import { promisify } from 'node:util'

import { findPorts } from '../../../../apps/dashboard/test/proxy.ts'
import type { PostgresServer } from '../../../tracker/test/postgres-server.ts'
import { startServer } from '../../../tracker/test/postgres-server.ts'
import { freePort } from '../../shared/free-port.ts'
import { patienceMs } from '../../shared/patience.ts'
import { root as repository } from '../../shared/run-command.ts'

/** As whom services run: PostgreSQL and Node must not need root. */
export const nobody = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : undefined

/** The programs of the newest PostgreSQL that Debian's packages have installed. */
const postgresPrograms = globSync('/usr/lib/postgresql/*/bin/initdb')
  .map((file) => dirname(file))
  .toSorted()
  .at(-1)

/** What the walk needs of Debian's packages and the machine lacks. */
export function missingPrograms(): string[] {
  const needed = ['/usr/sbin/nginx', '/usr/bin/curl', '/usr/bin/openssl', '/usr/bin/psql']
  return [...needed.filter((file) => !existsSync(file)), ...(postgresPrograms ? [] : ['/usr/lib/postgresql'])]
}

export const hasPrograms: boolean = missingPrograms().length === 0

/** The host name for which the guide configures nginx. */
export const guideHost = 'devices.contoso.com'

export interface MachinePlace {
  root: string
  ports: { httpPort: number; httpsPort: number; dashboard: number; database: number }
}

export interface Machine extends MachinePlace {
  server: PostgresServer
  /** Runs the block of the guide with this name. */
  follow(block: string): Promise<string>
  /** Runs a command as in the guide; resolves with its output, or rejects with an error that has all that it printed. */
  run(command: string, env?: NodeJS.ProcessEnv): Promise<string>
  /** The file that the guide calls this. */
  file(path: string): string
  /** Copies packages into the folder `tarballs`, and removes those of other versions. */
  bring(tarballs: readonly string[]): void
  stop(): Promise<void>
}

const guide = readFileSync(join(repository, 'docs/deploying.md'), 'utf8')

/** The blocks of the guide that begin with "```sh linux NAME", by their name. */
export const blocks: ReadonlyMap<string, string> = new Map(
  [...guide.matchAll(/^```sh linux (\w+)\n([^]*?)^```$/gm)].map(([, name, text]) => [name!, text!]),
)

/** The machine's own folders and ports in place of those in the text. A service may take as long to start as a test waits. */
export function inFolder({ root, ports }: MachinePlace, text: string): string {
  return text
    .replaceAll(
      /(?<![\w/.-])\/(opt\/devicebatch|etc|var\/lib\/devicebatch|run\/secrets)(?=\/|\b)/g,
      `${root}/$1`,
    )
    .replaceAll('127.0.0.1:7820', `127.0.0.1:${ports.dashboard}`)
    .replaceAll('127.0.0.1:5432', `127.0.0.1:${ports.database}`)
    .replaceAll(/--retry \d+/g, `--retry ${patienceMs / 1_000}`)
}

/** Creates it, with a PostgreSQL server and no packages. */
export async function createMachine(): Promise<Machine> {
  const root = mkdtempSync(join(tmpdir(), 'devicebatch-machine-'))
  chmodSync(root, 0o755)
  const server = await startServer([], tmpdir(), { user: 'postgres', installed: postgresPrograms })
  const database = Number(new URL(server.url).port)
  const ports = { ...(await findPorts()), dashboard: await freePort(), database }
  const place: MachinePlace = { root, ports }
  const [programs, home] = [join(root, 'usr/local/bin'), join(root, 'home')]
  for (const folder of [
    programs,
    join(home, 'tarballs'),
    join(root, 'etc/systemd/system'),
    join(root, 'var/lib'),
  ])
    mkdirSync(folder, { recursive: true })
  mkdirSync(join(root, 'etc/nginx/conf.d'), { recursive: true })
  writeFileSync(
    join(home, '.curlrc'),
    `insecure\nconnect-to = "${guideHost}:443:127.0.0.1:${ports.httpsPort}"\n`,
  )
  mkdirSync(join(root, 'compiled'))
  chmodSync(join(root, 'compiled'), 0o777)
  // A folder of root's may not be readable for services.
  copyFileSync(process.execPath, join(programs, 'node'))
  writePrograms(programs)
  const env: NodeJS.ProcessEnv = {
    PATH: [programs, postgresPrograms, process.env['PATH']].join(delimiter),
    HOME: home,
    npm_config_cache: process.env['npm_config_cache'] ?? join(process.env['HOME']!, '.npm'),
    npm_config_prefer_offline: 'true',
    // Compiling is half the work of a short process.
    NODE_COMPILE_CACHE: join(root, 'compiled'),
    STAND_IN: JSON.stringify(place),
    DATABASE_PORT: String(ports.database),
  }
  const network = ['HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY', 'NODE_EXTRA_CA_CERTS', 'SSL_CERT_FILE']
  for (const [name, value] of Object.entries(process.env)) {
    if (network.includes(name.toUpperCase()) || /^npm_config_(?!cache)/i.test(name)) env[name] ??= value
  }
  const run: Machine['run'] = async (command, more = {}) => {
    const shell = ['-e', '-o', 'pipefail', '-c', inFolder(place, command)]
    try {
      const { stdout } = await promisify(execFile)('bash', shell, {
        cwd: home,
        env: { ...env, ...more },
      })
      return stdout
    } catch (error) {
      const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string }
      const logs = globSync('*.log', { cwd: root }).map((name) => `${name}:\n${lastLines(join(root, name))}`)
      throw new Error([command, 'failed:', stdout + (stderr || String(error)), ...logs].join('\n'), {
        cause: error,
      })
    }
  }
  return {
    ...place,
    server,
    run,
    file: (path) => inFolder(place, path),
    async follow(name) {
      const block = blocks.get(name)
      if (block === undefined) throw new Error(`docs/deploying.md has no block "sh linux ${name}".`)
      return await run(block)
    },
    bring(tarballs) {
      rmSync(join(home, 'tarballs'), { recursive: true })
      mkdirSync(join(home, 'tarballs'))
      for (const tarball of tarballs) copyFileSync(tarball, join(home, 'tarballs', basename(tarball)))
    },
    async stop() {
      await run('systemctl stop nginx devicebatch-dashboard devicebatch-worker')
      await server.stop()
      rmSync(root, { recursive: true, force: true })
    },
  }
}

/** Programs that change the machine itself: they do the same in its folder. */
function writePrograms(folder: string): void {
  const standIn = join(import.meta.dirname, 'stand-in.ts')
  const scripts = {
    // Whoever runs the tests may write here. The database's user is known by its password.
    sudo: 'if [ "$1" = -u ]; then shift 2; export PGHOST=127.0.0.1 PGPORT=$DATABASE_PORT PGUSER=postgres PGPASSWORD=devicebatch; fi\nexec "$@"',
    systemctl: `exec node ${standIn} systemctl "$@"`,
    nginx: `exec node ${standIn} nginx "$@"`,
  }
  for (const [name, text] of Object.entries(scripts)) {
    writeFileSync(join(folder, name), `#!/bin/sh\n${text}\n`)
    chmodSync(join(folder, name), 0o755)
  }
}

function lastLines(file: string): string {
  return readFileSync(file, 'utf8').split('\n').slice(-10).join('\n')
}
