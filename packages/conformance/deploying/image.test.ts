/** The image and the compose file of the dashboard, checked without Docker: their syntax, and what they must not allow. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { DCLinter } from 'dclint'
import { DockerfileParser } from 'dockerfile-ast'
import { validate } from 'dockerfile-utils'
import { describe, expect, onTestFinished, test } from 'vitest'
import { parse } from 'yaml'

import { root } from '../shared/run-command.ts'

const deploy = join(root, 'apps/dashboard/deploy')

describe('the Dockerfile', () => {
  const text = readFileSync(join(deploy, 'Dockerfile'), 'utf8')
  const instructions = DockerfileParser.parse(text)
    .getInstructions()
    .map((instruction) => ({
      keyword: instruction.getKeyword(),
      content: instruction.getRawArgumentsContent() ?? '',
    }))
  const last = instructions.slice(instructions.findLastIndex(({ keyword }) => keyword === 'FROM'))
  const contents = (keyword: string, list = instructions) =>
    list.filter((instruction) => instruction.keyword === keyword).map(({ content }) => content)

  test('has no fault that a linter finds', () => {
    expect(validate(text)).toEqual([])
    expect(validate(text.replace('WORKDIR', 'WORKDI'))).not.toEqual([])
  })

  test('builds on a base image with a version, and leaves what only the installation needs behind', () => {
    expect(contents('FROM')).toEqual(['node:24-slim AS install', 'node:24-slim'])
    expect(contents('COPY', last)).toEqual(['/app /app'])
    expect(text).toContain('\nCOPY --from=install /app /app\n')
    // Its value would be in the history of the image.
    expect(contents('ARG')).toEqual([])
  })

  test('installs what production needs, and runs no script of a package', () => {
    const [install] = contents('RUN')
    expect(install).toMatch(/npm install --omit=dev --ignore-scripts .*\/tarballs\/\*\.tgz$/s)
  })

  test('runs as a user who owns none of the code, and is probed with Node', () => {
    const keywords = last.map(({ keyword }) => keyword)
    expect(contents('USER', last)).toEqual(['node'])
    expect(keywords.indexOf('USER')).toBeGreaterThan(keywords.lastIndexOf('COPY'))
    expect(keywords.indexOf('USER')).toBeGreaterThan(keywords.lastIndexOf('RUN'))
    expect(contents('HEALTHCHECK', last)).toEqual([expect.stringMatching(/CMD \["node", .*\/healthz/s)])
    expect(contents('CMD', last)).toEqual(['["devicebatch-dashboard"]'])
  })
})

interface Service {
  image: string
  command?: string[]
  user?: string
  read_only?: boolean
  cap_drop?: string[]
  security_opt?: string[]
  privileged?: boolean
  environment?: Record<string, string>
  secrets?: string[]
  volumes?: string[]
  networks?: string[]
  network_mode?: string
  ports?: string[]
  profiles?: string[]
}

describe('compose.yaml', () => {
  const compose = parse(readFileSync(join(deploy, 'compose.yaml'), 'utf8'), { merge: true }) as {
    services: Record<string, Service>
    networks: Record<string, { internal?: boolean }>
    volumes: Record<string, object>
    secrets: Record<string, { file: string }>
  }
  const services = Object.entries(compose.services)

  test('has no fault that a linter finds', () => {
    const folder = mkdtempSync(join(tmpdir(), 'devicebatch-compose-'))
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
    const text = readFileSync(join(deploy, 'compose.yaml'), 'utf8')
    const wrong = join(folder, 'compose.yaml')
    writeFileSync(wrong, text.replace('user: postgres', 'users: postgres'))
    expect(lint(wrong)).toContain('invalid-schema')
    expect(lint(join(deploy, 'compose.yaml'))).toEqual([])
  })

  test('names only secrets, volumes and networks that it defines', () => {
    const used = services.flatMap(([, { secrets = [], volumes = [], networks = [] }]) => [
      ...secrets.map((name) => `secret ${name}`),
      ...volumes.map((volume) => `volume ${volume.split(':')[0]}`),
      ...networks.map((name) => `network ${name}`),
    ])
    const defined = (kind: string, all: object) => Object.keys(all).map((name) => `${kind} ${name}`)
    expect(new Set(used)).toEqual(
      new Set([
        ...defined('secret', compose.secrets),
        ...defined('volume', compose.volumes),
        ...defined('network', compose.networks),
      ]),
    )
  })

  test.each(services)(
    'gives %s no right that it does not need, and files that it cannot change',
    (_, service) => {
      expect(service).toMatchObject({
        read_only: true,
        cap_drop: ['ALL'],
        security_opt: ['no-new-privileges:true'],
      })
      expect(service).not.toHaveProperty('privileged')
      expect(service).not.toHaveProperty('cap_add')
      expect(service.user ?? 'that of the image').not.toMatch(/^(root|0)/)
      expect(service.image).toMatch(/^(devicebatch-dashboard:local|postgres:\d+)$/)
    },
  )

  test('keeps secrets in files, the database away from the internet, and the port on this machine', () => {
    for (const [, { environment = {} }] of services)
      expect(
        Object.keys(environment).filter(
          (name) => /PASSWORD|SECRET|TOKEN|DATABASE_URL/.test(name) && !name.endsWith('_FILE'),
        ),
      ).toEqual([])
    expect(compose.services.database!.networks).toEqual(['database'])
    expect(compose.networks.database).toEqual({ internal: true })
    expect(services.flatMap(([, { ports = [] }]) => ports)).toEqual(['127.0.0.1:7820:7820'])
  })

  test('runs the emulator only on request, on the loopback of the dashboard', () => {
    const optional = services.filter(([, { profiles }]) => profiles)
    expect(optional.map(([name]) => name)).toEqual(['emulator'])
    expect(compose.services.emulator).toMatchObject({ network_mode: 'service:dashboard' })
  })
})

/** The rules of the Compose specification, and those of the linter that are not about style. */
function lint(file: string): string[] {
  const linter = new DCLinter({ rules: {}, quiet: true, debug: false, exclude: [] })
  const results = linter.lintFiles([file], false) as { messages: { category: string; rule: string }[] }[]
  const messages = results.flatMap((result) => result.messages)
  return messages
    .filter(({ category, rule }) => category !== 'style' || rule === 'invalid-schema')
    .map(({ rule }) => rule)
}
