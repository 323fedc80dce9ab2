/** Follows docs/deploying.md from an empty folder, on the packages as npm gets them: from the installation to a restored backup. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chownSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'

import { emulatorCredentials } from '@devicebatch/emulator'
import { DockerfileParser } from 'dockerfile-ast'
import { afterAll, beforeAll, describe, expect, inject, onTestFinished, test } from 'vitest'

import { createVisitor } from '../../../../apps/dashboard/test/proxy.ts'
import { emulatorEnvironment } from '../../../emulator/test/environment.ts'
import type { EmulatorProcess } from '../../shared/emulator-process.ts'
import { startEmulator } from '../../shared/emulator-process.ts'
import { root, runCommand } from '../../shared/run-command.ts'
import { customerId } from '../../shared/samples.ts'
import type { Machine } from './machine.ts'
import { blocks, createMachine, guideHost, hasPrograms, missingPrograms, nobody } from './machine.ts'

const settingsFile = '/etc/devicebatch/devicebatch.env'
const command = `/opt/devicebatch/node_modules/.bin/devicebatch-dashboard`
const withSettings = `sudo node --env-file=${settingsFile} ${command}`

test.runIf(process.env.EVERY_RUNTIME)('nginx, PostgreSQL and curl are there', () => {
  expect(missingPrograms()).toEqual([])
})

describe.runIf(hasPrograms)('docs/deploying.md', () => {
  const tarballs = Object.values(inject('packed').tarballs)
  const followed = new Set<string>()
  /** What the commands said about what is wrong. */
  const complaints: string[] = []
  let machine: Machine
  let emulator: EmulatorProcess

  beforeAll(async () => {
    machine = await createMachine()
  })
  afterAll(async () => {
    await machine?.stop()
    await emulator?.stop()
  })

  const follow = async (block: string): Promise<string> => {
    followed.add(block)
    return await machine.follow(block)
  }

  /** Runs a command that must fail; what it prints is a complaint. */
  const fail = async (line: string, env: NodeJS.ProcessEnv = {}): Promise<string> => {
    const { message } = await machine.run(line, env).then(
      (output) => expect.fail(`${line} succeeded:\n${output}`),
      (error: Error) => error,
    )
    complaints.push(message)
    return message
  }

  /** The settings with these instead. */
  const edit = (changes: Readonly<Record<string, string>>): void => {
    const file = machine.file(settingsFile)
    let text = machine.file(readFileSync(file, 'utf8'))
    for (const [name, value] of Object.entries(changes))
      text = `${text.replaceAll(new RegExp(`^${name}=.*\n`, 'gm'), '')}${name}=${value}\n`
    writeFileSync(file, text)
  }
  const setting = (name: string): string =>
    new RegExp(`^${name}=(.*)$`, 'm').exec(readFileSync(machine.file(settingsFile), 'utf8'))![1]!

  const becomesReady = () =>
    expect
      .poll(() => machine.run('curl --silent http://127.0.0.1:7820/readyz || true'), { interval: 300 })
      .toBe('ready')

  test('installs the packages from their tarballs, without scripts', async () => {
    machine.bring(tarballs)
    await follow('install')
    expect(await machine.run(`${command} --version`)).toMatch(/^\d+\.\d+\.\d+\n$/)
  })

  test('creates the database and the settings, which only their owner can read', async () => {
    await follow('settings')
    expect(statSync(machine.file(settingsFile)).mode & 0o777).toBe(0o600)
    expect(setting('DEVICEBATCH_DASHBOARD_TOKEN')).toMatch(/^[\da-f]{40}$/)
    expect(setting('DEVICEBATCH_DATABASE_URL')).toMatch(/^postgres:\/\/devicebatch:[\da-f]{32}@/)
  })

  test('reports what is missing in the settings, and accepts them once it is there', async () => {
    expect(await fail(blocks.get('check')!)).toContain('DEVICEBATCH_CLIENT_SECRET must be set')
    emulator = await startEmulator(
      [process.execPath, machine.file('/opt/devicebatch/node_modules/.bin/devicebatch-emulator')],
      true,
    )
    const { refreshToken } = emulatorCredentials
    edit({
      ...emulatorEnvironment(emulator),
      DEVICEBATCH_PUBLIC_URL: `https://${guideHost}`,
      DEVICEBATCH_PORT: String(machine.ports.dashboard),
    })
    await fail(blocks.get('check')!)
    // "devicebatch login" writes this file for whoever runs it, here for root.
    const tokenFile = machine.file('/var/lib/devicebatch/refresh-token')
    mkdirSync(join(tokenFile, '..'), { recursive: true, mode: 0o700 })
    writeFileSync(tokenFile, `${refreshToken}\n`, { mode: 0o600 })
    if (nobody) for (const path of [join(tokenFile, '..'), tokenFile]) chownSync(path, nobody.uid, nobody.gid)
    expect(await follow('check')).toContain('The settings are complete')
  })

  test('says in one line why the database cannot be used', async () => {
    const url = new URL(setting('DEVICEBATCH_DATABASE_URL'))
    const at = (changes: Partial<Pick<URL, 'username' | 'password' | 'port' | 'pathname'>>) =>
      Object.assign(new URL(url), changes).href
    await machine.run(`sudo -u postgres psql --command "CREATE ROLE outsider LOGIN PASSWORD 'outsider'"`)
    const wrong = {
      'refused the user devicebatch': at({ password: 'wrong' }),
      'cannot be reached': at({ port: '9' }),
      'does not give this user the rights': at({ username: 'outsider', password: 'outsider' }),
    }
    for (const [reason, database] of Object.entries(wrong)) {
      const message = await fail(`${withSettings} migrate`, { DEVICEBATCH_DATABASE_URL: database })
      expect(message).toContain(reason)
      expect(message).not.toMatch(/\n\s+at /)
    }
  })

  test.runIf(nobody)('a service cannot read a refresh token that still belongs to root', async () => {
    const token = machine.file('/var/lib/devicebatch/refresh-token')
    chownSync(token, 0, 0)
    await machine.run(
      'sudo cp --recursive /opt/devicebatch/node_modules/@devicebatch/dashboard/deploy/systemd/. /etc/systemd/system/',
    )
    await machine.run('sudo systemctl start devicebatch-worker')
    const log = () => readFileSync(join(machine.root, 'devicebatch-worker.log'), 'utf8')
    await expect.poll(log).toContain('cannot be read (EACCES)')
    complaints.push(log())
    chownSync(token, nobody!.uid, nobody!.gid)
  })

  test('starts both services, as a user who owns neither the code nor the settings', async () => {
    expect(await follow('start')).toMatch(/ready\s*$/)
    const log = readFileSync(join(machine.root, 'devicebatch-dashboard.log'), 'utf8')
    expect(log).toContain(`The dashboard is at http://127.0.0.1:${machine.ports.dashboard}`)
    // A second one finds the port taken, and ends.
    await fail(withSettings)
    await machine.run('sudo systemctl stop devicebatch-worker')
    const problem = () => machine.run('curl --silent http://127.0.0.1:7820/readyz')
    await expect.poll(problem, { interval: 300 }).toBe('No worker is running.')
    complaints.push(await problem())
    await machine.run('sudo systemctl start devicebatch-worker')
    await becomesReady()
  })

  const visitor = () => createVisitor(guideHost, machine.ports)
  let session: { Cookie: string }

  async function signIn(): Promise<void> {
    const { status, headers } = await visitor().visit('/sign-in', {
      method: 'POST',
      headers: { Origin: `https://${guideHost}`, 'Content-Type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ token: setting('DEVICEBATCH_DASHBOARD_TOKEN'), back: '/' }).toString(),
    })
    expect(status).toBe(303)
    session = { Cookie: headers['set-cookie']![0]!.split(';')[0]! }
  }

  async function read(path: string): Promise<string> {
    return (await visitor().visit(path, { headers: session })).text
  }

  /** Uploads a file as a browser does; resolves with the page of the submission. */
  async function upload(serialNumber: string): Promise<string> {
    const field = (name: string, value: string, more = '') =>
      `--x\r\nContent-Disposition: form-data; name="${name}"${more}\r\n\r\n${value}\r\n`
    const csv = `Device Serial Number,Manufacturer name,Device model\n${serialNumber},Contoso,Laptop 3\n`
    const headers = { ...session, Origin: `https://${guideHost}` }
    const checked = await visitor().visit('/uploads/check', {
      method: 'POST',
      headers: { ...headers, 'Content-Type': 'multipart/form-data; boundary=x' },
      body: `${field('customerId', customerId)}${field('batchId', 'Fleet')}${field('file', csv, '; filename="devices.csv"')}--x--\r\n`,
    })
    expect(checked.status, checked.text).toBe(303)
    const confirmed = await visitor().visit(checked.headers.location!, { method: 'POST', headers })
    expect(confirmed.status, confirmed.text).toBe(303)
    return confirmed.headers.location!
  }

  const registered = 'All registered'

  test('puts nginx in front, and somebody signs in, uploads a file, and sees it end', async () => {
    expect(await follow('nginx')).toMatch(/ready\s*$/)
    await signIn()
    const page = await upload('GD-1')
    await expect.poll(() => read(page), { interval: 300 }).toContain(registered)
    expect(await emulator.uploads()).toHaveLength(1)
  })

  test('upgrades to other packages while an upload is in progress, and loses nothing', async () => {
    const page = await upload('GD-2')
    const newer = await withVersion(tarballs, '@devicebatch/dashboard', '99.0.0')
    machine.bring(newer)
    await follow('upgrade')
    expect(await machine.run(`${command} --version`)).toBe('99.0.0\n')
    await becomesReady()
    // The new process knows no session of the old one.
    expect(await visitor().visit('/', { headers: session })).toMatchObject({ status: 303 })
    await signIn()
    await expect.poll(() => read(page), { interval: 300 }).toContain(registered)
    expect(await emulator.uploads()).toHaveLength(2)
  })

  test('restores a backup into another database, and continues there', async () => {
    const guide = readFileSync(join(root, 'docs/running-a-tracker.md'), 'utf8').split('\n')
    const commandOf = (program: string) => guide.find((line) => line.startsWith(`${program} `))!
    const database = setting('DEVICEBATCH_DATABASE_URL')
    await machine.run(commandOf('pg_dump'), { DEVICEBATCH_DATABASE_URL: database })
    const later = await upload('GD-3')
    await expect.poll(() => read(later), { interval: 300 }).toContain(registered)
    await follow('stop')
    await fail('curl --silent --show-error --fail http://127.0.0.1:7820/healthz')
    await follow('restore')
    const restored = database.replace(/\/devicebatch$/, '/devicebatch_restored')
    await machine.run(commandOf('pg_restore'), { NEW_DATABASE_URL: restored })
    edit({ DEVICEBATCH_DATABASE_URL: restored })
    await machine.run('sudo systemctl start devicebatch-worker devicebatch-dashboard')
    await becomesReady()
    await signIn()
    expect(await read('/search?serialNumber=GD-2')).toMatch(/\/uploads\/[\da-f-]{36}/)
    expect(await read('/search?serialNumber=GD-3')).not.toMatch(/\/uploads\/[\da-f-]{36}/)
    const page = await upload('GD-4')
    await expect.poll(() => read(page), { interval: 300 }).toContain(registered)
  })

  test('quotes messages that the commands really print', () => {
    const text = readFileSync(join(root, 'docs/deploying.md'), 'utf8')
    const table = text.slice(text.indexOf('## Troubleshooting')).matchAll(/^\| `(.+?)` +\|/gm)
    const quoted = [...table].map(([, message]) => message!)
    expect(quoted.length).toBeGreaterThan(5)
    // Without root, no file can be kept from a service.
    const unseen = quoted.filter((message) => !complaints.some((text) => text.includes(message)))
    expect(unseen).toEqual(nobody ? [] : ['cannot be read (EACCES)'])
  })

  test('has no command for this machine that was not run', () => {
    expect([...followed].toSorted()).toEqual([...blocks.keys()].toSorted())
  })

  test('the image: its installation, its command without rights, and its probe', async () => {
    const text = readFileSync(join(root, 'apps/dashboard/deploy/Dockerfile'), 'utf8')
    const contents = (keyword: string) =>
      DockerfileParser.parse(text)
        .getInstructions()
        .filter((instruction) => instruction.getKeyword() === keyword)
        .map((instruction) => instruction.getRawArgumentsContent()!)
    const inImage = (line: string) =>
      line.replaceAll('/tarballs/', `${machine.file('/opt/devicebatch')}/../../home/tarballs/`)
    const app = join(machine.root, 'app')
    mkdirSync(app)
    // Above an image's folder there is no other package, which npm would install into.
    writeFileSync(join(app, 'package.json'), '{ "private": true }')
    await machine.run(`cd ${app} && ${inImage(contents('RUN')[0]!)}`)
    expect(await machine.run(`find ${app} -perm /o+w -not -type l`)).toBe('')

    // As compose.yaml does: secrets in files, everything else in the environment.
    const secrets = machine.file('/run/secrets')
    mkdirSync(secrets, { recursive: true })
    const files = ['DATABASE_URL', 'CLIENT_SECRET', 'DASHBOARD_TOKEN'].map((name) => {
      const file = join(secrets, name.toLowerCase().replace('_', '-'))
      writeFileSync(file, `${setting(`DEVICEBATCH_${name}`)}\n`, { mode: 0o444 })
      return [`DEVICEBATCH_${name}_FILE`, file]
    })
    const others = ['TENANT_ID', 'CLIENT_ID', 'BASE_URL', 'AUTHORITY_HOST', 'PUBLIC_URL'].map((name) => [
      `DEVICEBATCH_${name}`,
      setting(`DEVICEBATCH_${name}`),
    ])
    await machine.run('sudo systemctl stop devicebatch-dashboard devicebatch-worker')
    const [cmd] = JSON.parse(contents('CMD')[0]!) as string[]
    const child = spawn(join(app, 'node_modules/.bin', cmd!), {
      cwd: app,
      env: {
        PATH: `${machine.root}/usr/local/bin:${process.env.PATH}`,
        DEVICEBATCH_PORT: String(machine.ports.dashboard),
        ...Object.fromEntries([...files, ...others]),
      },
      stdio: 'ignore',
      ...nobody,
    })
    const ended = once(child, 'exit')
    onTestFinished(() => void child.kill('SIGKILL'))
    const [, probe] = /CMD (\[.*\])$/.exec(contents('HEALTHCHECK')[0]!)!
    const [program, ...args] = JSON.parse(probe!) as string[]
    const isHealthy = async (): Promise<boolean> =>
      await runCommand(
        { cwd: tmpdir(), env: { DEVICEBATCH_PORT: String(machine.ports.dashboard) } },
        program!,
        ...args,
      ).then(
        () => true,
        () => false,
      )
    await Promise.race([
      expect.poll(isHealthy, { interval: 300 }).toBe(true),
      ended.then(([code]) => expect.fail(`${cmd} exited with ${code}.`)),
    ])
    child.kill('SIGTERM')
    expect(await ended).toEqual([0, null])
    expect(await isHealthy()).toBe(false)
  })
})

/** The same tarballs, in which one package has another version. */
async function withVersion(
  tarballs: readonly string[],
  name: string,
  version: string,
): Promise<readonly string[]> {
  const changed = tarballs.find((file) => basename(file).startsWith(name.slice(1).replace('/', '-')))!
  const folder = join(changed, '../newer')
  mkdirSync(folder, { recursive: true })
  await runCommand(folder, 'tar', '-xzf', changed)
  const file = join(folder, 'package/package.json')
  writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(file, 'utf8')), version }))
  const newer = join(folder, 'devicebatch-dashboard-newer.tgz')
  await runCommand(folder, 'tar', '-czf', newer, 'package')
  return [...tarballs.filter((one) => one !== changed), newer]
}
