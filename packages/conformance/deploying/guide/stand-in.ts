/**
 * Stands in for systemd and for Debian's nginx on a machine that is a folder: `node stand-in.ts systemctl start NAME…` starts what
 * the unit says, as its own process; `node stand-in.ts nginx -t` checks the installed site.
 */
import type { ChildProcess } from 'node:child_process'
import { spawn, spawnSync } from 'node:child_process'
import { chownSync, existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { parseEnv } from 'node:util'

import { configureNginx } from '../../../../apps/dashboard/test/proxy.ts'
import type { MachinePlace } from './machine.ts'
import { inFolder, nobody } from './machine.ts'

const place = JSON.parse(process.env['STAND_IN']!) as MachinePlace
const { root, ports } = place
const [program, ...args] = process.argv.slice(2)

if (program === 'nginx') check()
else {
  const verb = args[0]!
  const names = args.slice(1).filter((name) => !name.startsWith('--'))
  if (verb === 'daemon-reload') process.exit(0)
  if (!['enable', 'start', 'stop', 'restart', 'reload'].includes(verb))
    throw new Error(`systemctl ${verb} has no stand-in.`)
  for (const name of names) {
    if (verb !== 'enable' && verb !== 'start') await stop(name)
    if (verb === 'stop') continue
    if (name === 'nginx') await startNginx(name)
    else startService(name)
  }
}

function nginxArguments(): string[] {
  const folder = join(root, 'nginx')
  mkdirSync(folder, { recursive: true })
  const { httpPort, httpsPort, dashboard } = ports
  const site = join(root, 'etc/nginx/conf.d/devicebatch.conf')
  return configureNginx(folder, { http: httpPort, https: httpsPort, dashboard }, site)
}

function check(): void {
  process.exitCode = spawnSync('/usr/sbin/nginx', [...nginxArguments(), ...args], {
    stdio: 'inherit',
  }).status!
}

/** Resolves once it listens, as after a reload. */
async function startNginx(name: string): Promise<void> {
  const nginx = start(name, ['/usr/sbin/nginx', ...nginxArguments()], process.env)
  while (!(await isListening(ports.httpsPort))) {
    if (nginx.exitCode !== null) throw new Error(`nginx ended with ${nginx.exitCode}.`)
    await pause(50)
  }
}

async function isListening(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1')
  return await new Promise<boolean>((resolve) => {
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
  }).finally(() => socket.destroy())
}

/** Its command with its environment, in its folder for state, as a user without rights. */
function startService(name: string): void {
  const unit = readFileSync(join(root, `etc/systemd/system/${name}.service`), 'utf8')
  const setting = (key: string) => new RegExp(`^${key}=(.*)$`, 'm').exec(unit)![1]!
  const state = join(root, 'var/lib', setting('StateDirectory'))
  mkdirSync(state, { recursive: true, mode: Number.parseInt(setting('StateDirectoryMode'), 8) })
  if (nobody) chownSync(state, nobody.uid, nobody.gid)
  const file = readFileSync(inFolder(place, setting('EnvironmentFile')), 'utf8')
  const { PATH, NODE_COMPILE_CACHE } = process.env
  const env = { PATH, NODE_COMPILE_CACHE, HOME: state, ...parseEnv(file) }
  start(name, inFolder(place, setting('ExecStart')).split(' '), env, nobody)
}

function start(name: string, command: string[], env: NodeJS.ProcessEnv, user: object = {}): ChildProcess {
  const log = openSync(join(root, `${name}.log`), 'a')
  const [file, ...rest] = command
  const child = spawn(file!, rest, { env, ...user, cwd: root, detached: true, stdio: ['ignore', log, log] })
  writeFileSync(join(root, `${name}.pid`), String(child.pid))
  child.unref()
  return child
}

/** Resolves once the process is gone. */
async function stop(name: string): Promise<void> {
  const file = join(root, `${name}.pid`)
  if (!existsSync(file)) return
  const pid = Number(readFileSync(file, 'utf8'))
  if (isRunning(pid)) process.kill(pid, 'SIGTERM')
  while (isRunning(pid)) await pause(50)
  rmSync(file)
}

/** A process that nobody has waited for yet is not running either. */
function isRunning(pid: number): boolean {
  try {
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return false
  }
}
