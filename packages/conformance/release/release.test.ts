/**
 * Rehearses a release: creates versions and changelogs, publishes to a registry on this machine with the release workflow's command,
 * then installs the packages into new projects and runs the README's first program there.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, beforeAll, describe, expect, inject, onTestFinished, test } from 'vitest'

import { plant } from '../packages/checks/plant.ts'
import { isThere, runtimeNamed } from '../runtimes/runtimes.ts'
import { applyChangesets } from '../shared/changesets.ts'
import type { PublishedName } from '../shared/pack-workspace.ts'
import { published } from '../shared/pack-workspace.ts'
import type { Place } from '../shared/run-command.ts'
import { root, runCommand, runForOutput } from '../shared/run-command.ts'
import { checkContract } from './check-contract.ts'
import { startEmulator } from './installed-emulator.ts'
import type { LocalRegistry } from './local-registry.ts'
import { startRegistry } from './local-registry.ts'

const { copy } = inject('packed')
const deno = runtimeNamed('deno')
const bun = runtimeNamed('bun')

let directory: string
let noChangesets: string
let registry: LocalRegistry
let contractAtFirst: string
let release: string
let onNode: Place

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'devicebatch-release-'))
  noChangesets = join(directory, 'changesets')
  await mkdir(noChangesets)
  registry = await startRegistry(Object.keys(published))
  contractAtFirst = await checkContract(join(copy, 'packages/contract'), noChangesets, await emptyHome())
  release = await publish()
  onNode = await makeProject()
  await runCommand(onNode, 'npm', 'install', '@devicebatch/client', '@devicebatch/emulator', 'devicebatch')
})

afterAll(async () => {
  await registry?.close()
  await rm(directory, { recursive: true, force: true })
})

describe('a release', () => {
  test('gives contract, edge and client one version', async () => {
    const {
      '@devicebatch/contract': contract,
      '@devicebatch/edge': edge,
      '@devicebatch/client': client,
    } = await versions()
    expect([contract, edge]).toEqual([client, client])
    expect((await readJson(join(copy, 'packages/edge/jsr.json'))).version).toBe(edge)
  })

  test('has a version and a changelog of every package, so no changeset is missing', async () => {
    for (const [name, version] of Object.entries(await versions())) {
      expect(version, `Run npx changeset for ${name}.`).not.toBe('0.0.0')
      const changelog = join(copy, published[name as PublishedName], 'CHANGELOG.md')
      expect(await readFile(changelog, 'utf8')).toContain(`\n## ${version}\n`)
    }
  })

  test('publishes every package, and nothing the second time', async () => {
    for (const [name, version] of Object.entries(await versions()))
      expect(release).toContain(`${name}@${version}`)
    expect(await publish()).toContain('No unpublished projects to publish')
  })

  test('keeps its versions while there is no new changeset', async () => {
    const released = await versions()
    await applyChangesets(copy)
    expect(await versions()).toEqual(released)
  })

  test.skipIf(!isThere(deno))('has what JSR accepts, at the same versions', async () => {
    const { '@devicebatch/edge': version } = await versions()
    const taken = await runForOutput(copy, 'npm', 'run', 'release:jsr', '--', '--dry-run')
    for (const name of ['contract', 'edge', 'client']) {
      expect(taken.stderr).toContain(`@devicebatch/${name}@${version}`)
    }
  })

  test('installs with declarations and without sources', async () => {
    const client = join(onNode.cwd, 'node_modules/@devicebatch/client')
    const { exports, dependencies, version } = await readJson(join(client, 'package.json'))
    expect(exports['.']).toEqual({ types: './dist/index.d.ts', default: './dist/index.js' })
    expect(dependencies['@devicebatch/edge']).toBe(version)
    expect((await readdir(client)).toSorted()).toEqual([
      'CHANGELOG.md',
      'LICENSE',
      'README.md',
      'dist',
      'package.json',
    ])
  })

  test('puts the command on the path', async () => {
    const { devicebatch } = await versions()
    expect(await runCommand(onNode, 'npx', '--no-install', 'devicebatch', '--version')).toBe(
      `${devicebatch}\n`,
    )
  })

  test('puts the dashboard on the path, with its pages, styles and languages', async () => {
    const place = await makeProject()
    await runCommand(place, 'npm', 'install', '@devicebatch/dashboard')
    const { '@devicebatch/dashboard': version } = await versions()
    const command = join(place.cwd, 'node_modules/.bin/devicebatch-dashboard')
    expect(await runCommand(place, command, '--version')).toBe(`${version}\n`)
    const url = await startDemo(command, place)
    const page = await readPage(`${url}/`)
    expect(page).toMatch(/<html lang="en"/)
    expect(await readPage(`${url}/`, { 'Accept-Language': 'cs' })).toMatch(/<html lang="cs"/)
    const assets = [...page.matchAll(/(?:href|src)="(\/public\/[^"]+)"/g)].map(([, path]) => path!)
    expect(assets.length).toBeGreaterThan(1)
    for (const path of assets) expect(await readPage(`${url}${path}`)).not.toBe('')
  })

  test('leaves the tracker out of the command until it is installed by name', async () => {
    const place = await makeProject()
    const list = () =>
      runCommand(place, 'npx', '--no-install', 'devicebatch', 'tracker', 'list', '--directory', '.')
    await runCommand(place, 'npm', 'install', 'devicebatch')
    await mkdir(join(place.cwd, 'database'))
    expect(await readdir(join(place.cwd, 'node_modules'))).not.toContain('@electric-sql')
    await expect(list()).rejects.toThrow(
      /^devicebatch: The tracker's commands need .* Run npm install --global devicebatch @devicebatch\/tracker$/m,
    )
    await runCommand(place, 'npm', 'install', '@devicebatch/tracker')
    expect(await list()).toContain('0 uploads')
  })
})

describe('the contract of a release', () => {
  test('is the first to compare with', () => {
    expect(contractAtFirst).toContain('has no release yet')
  })

  test('is kept by a document that has not changed', async () => {
    const checked = checkContract(join(copy, 'packages/contract'), noChangesets, await emptyHome())
    expect(await checked).toContain('keeps what @devicebatch/contract')
  })

  test('can be broken only by a change that a changeset names', async () => {
    const folder = await plant(copy, 'contract', 'openapi.json', (content) =>
      content.replaceAll('/customers/{customerId}/policies', '/customers/{customerId}/profiles'),
    )
    await expect(checkContract(folder, noChangesets, await emptyHome())).rejects.toThrow(
      /POST \/customers\/{customerId}\/policies is gone\..*npx changeset/s,
    )
    const changesets = await mkdtemp(join(directory, 'changesets-'))
    await writeFile(
      join(changesets, 'profiles.md'),
      "---\n'@devicebatch/contract': major\n---\n\nCall policies profiles.\n",
    )
    expect(await checkContract(folder, changesets, await emptyHome())).toContain('The next version says so')
  })
})

describe("the README's first program", () => {
  test('has twelve lines at most, and type-checks', async () => {
    expect((await firstProgram()).trim().split('\n').length).toBeLessThanOrEqual(12)
    // `tsc` has to be told that it is a module; Node detects it.
    await writeFile(join(onNode.cwd, 'first.mts'), await firstProgram())
    await runCommand(
      onNode,
      'tsc',
      ...'--noEmit --strict --module nodenext --target es2023 --types node --typeRoots'.split(' '),
      join(root, 'packages/conformance/node_modules/@types'),
      'first.mts',
    )
  })

  test('runs on Node', async () => {
    await expectFirstProgram(onNode, process.execPath, 'first.ts')
  })

  test.skipIf(!isThere(deno))('runs on Deno', async () => {
    const place = await makeProject()
    // By default, Deno ignores versions that are less than a day old.
    await runCommand(place, deno.executable, 'add', '--minimum-dependency-age=0', 'npm:@devicebatch/client')
    await expectFirstProgram(
      place,
      deno.executable,
      'run',
      '--allow-env',
      '--allow-net=127.0.0.1',
      'first.ts',
    )
  })

  test.skipIf(!isThere(bun))('runs on Bun', async () => {
    const place = await makeProject()
    await runCommand(place, bun.executable, 'add', '@devicebatch/client')
    await expectFirstProgram(place, bun.executable, 'run', 'first.ts')
  })
})

/** Starts the dashboard's demo on a free port until the test ends. */
async function startDemo(command: string, { cwd, env }: Place): Promise<string> {
  const child = spawn(command, {
    cwd,
    // The dashboard refuses a `DEVICEBATCH_` variable that it does not know, such as that of the tests.
    env: { ...process.env, ...env, DEVICEBATCH_PACKED: undefined, DEVICEBATCH_PORT: '0' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = once(child, 'exit')
  // It is awaited at the end of the test, where a command that could not be started fails it.
  ended.catch(() => {})
  onTestFinished(async () => {
    child.kill('SIGTERM')
    expect((await ended)[0]).toBe(0)
  })
  for await (const line of child.stdout.setEncoding('utf8')) {
    const [url] = /http:\/\/127\.0\.0\.1:\d+/.exec(String(line)) ?? []
    if (url) return url
  }
  throw new Error('The dashboard ended without a word.')
}

async function readPage(url: string, headers: Record<string, string> = {}): Promise<string> {
  const response = await fetch(url, { headers })
  expect(response.status).toBe(200)
  return await response.text()
}

async function firstProgram(): Promise<string> {
  return /```ts\n([\s\S]*?)```/.exec(await readFile(join(root, 'README.md'), 'utf8'))![1]!
}

/** Runs it against a new emulator, served by the published command. */
async function expectFirstProgram({ cwd, env }: Place, ...command: [string, ...string[]]): Promise<void> {
  await writeFile(join(cwd, 'first.ts'), await firstProgram())
  const emulator = await startEmulator(onNode.cwd)
  onTestFinished(() => emulator.stop())
  const printed = await runCommand({ cwd, env: { ...env, ...emulator.env } }, ...command)
  expect(printed).toContain(
    'Keep this: {"customerId":"47021739-3426-40bf-9601-61b4b6d7c793","batchTrackingId":"',
  )
  expect(printed).toContain('succeeded []')
}

/** As the release workflow does it, but without tags: the copy is not a clone. */
async function publish(): Promise<string> {
  return runCommand({ cwd: copy, env: await emptyHome() }, 'npm', 'run', 'release', '--', '--no-git-tag')
}

/** Without a package.json of its own, npm would install into the nearest folder above that has one. */
async function makeProject(): Promise<Place> {
  const cwd = await mkdtemp(join(directory, 'project-'))
  await writeFile(join(cwd, 'package.json'), '{ "private": true }')
  return { cwd, env: await emptyHome() }
}

/** The environment of a user whose home directory contains only the URL of the registry. */
async function emptyHome(): Promise<Place['env']> {
  const home = join(await mkdtemp(join(directory, 'home-')), 'home')
  await mkdir(home)
  // Publishing requires a token, even where anybody may publish.
  const token = `${registry.url.slice('http:'.length)}:_authToken=none`
  await writeFile(join(home, '.npmrc'), `registry=${registry.url}\n${token}\n`)
  const settings = Object.keys(process.env).filter((name) => /^p?npm_config_/i.test(name))
  return {
    ...Object.fromEntries(settings.map((name) => [name, undefined])),
    HOME: home,
    USERPROFILE: home,
    XDG_CACHE_HOME: join(home, 'cache'),
    NPM_CONFIG_REGISTRY: registry.url,
    // With another home directory, pnpm would first reinstall the copied workspace.
    PNPM_CONFIG_VERIFY_DEPS_BEFORE_RUN: 'false',
  }
}

/** The version of every package after `npm run version`. */
async function versions(): Promise<Record<PublishedName, string>> {
  const entries = Object.entries(published).map(async ([name, folder]) => {
    const { version } = await readJson(join(copy, folder, 'package.json'))
    return [name, version] as const
  })
  return Object.fromEntries(await Promise.all(entries)) as Record<PublishedName, string>
}

async function readJson(file: string) {
  return JSON.parse(await readFile(file, 'utf8'))
}
