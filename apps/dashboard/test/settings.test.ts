/** The settings: what is missing, wrong or contradictory is reported at once, and nothing is started. */
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { describe, expect, onTestFinished, test } from 'vitest'

import { EnvironmentError } from '../src/environment/environment-error.ts'
import { readEnvironment } from '../src/environment/environment.ts'
import type { Variable } from '../src/environment/variables.ts'
import { variables } from '../src/environment/variables.ts'
import { runCommand } from './run-command.ts'

const complete = {
  DEVICEBATCH_DATABASE_URL: 'postgres://tracker:secret@127.0.0.1:9/tracker',
  DEVICEBATCH_TENANT_ID: 'contoso.onmicrosoft.com',
  DEVICEBATCH_CLIENT_ID: '11111111-2222-4333-8444-555555555555',
  DEVICEBATCH_CLIENT_SECRET: 'the-value-of-a-secret',
}
const token = 'abcdefghijklmnopqrst'
const openId = {
  DEVICEBATCH_OIDC_ISSUER: 'https://login.example.com/tenant/v2.0',
  DEVICEBATCH_OIDC_CLIENT_ID: 'dashboard',
  DEVICEBATCH_OIDC_CLIENT_SECRET: 'the-secret-of-the-dashboard',
  DEVICEBATCH_PUBLIC_URL: 'https://devices.example.com',
}
const known: readonly string[] = [...Object.values(complete), ...Object.values(openId)]

describe('a setting', () => {
  test('that is not set has a default', () => {
    expect(readEnvironment({})).toEqual({
      hostname: '127.0.0.1',
      port: 7820,
      token: undefined,
      publicUrl: undefined,
      openId: undefined,
      metricsToken: undefined,
      connect: undefined,
    })
  })

  test('that is blank counts as not set, and one with spaces around it is read without them', () => {
    expect(readEnvironment({ DEVICEBATCH_PORT: ' ', DEVICEBATCH_HOST: ' ::1\n' })).toMatchObject({
      hostname: '::1',
      port: 7820,
    })
  })

  test('for the port takes precedence over that of the hosting platform', () => {
    expect(readEnvironment({ PORT: '8080' }).port).toBe(8080)
    expect(readEnvironment({ PORT: '8080', DEVICEBATCH_PORT: '9090' }).port).toBe(9090)
  })

  test.each([
    [
      { ...complete, DEVICEBATCH_DATABASE_URL: 'mysql://db/x' },
      'DEVICEBATCH_DATABASE_URL must be a URL such as',
    ],
    [
      { ...complete, DEVICEBATCH_DATABASE_SCHEMA: 'My Schema' },
      'DEVICEBATCH_DATABASE_SCHEMA must be a name of',
    ],
    [{ ...complete, DEVICEBATCH_TENANT_ID: 'contoso' }, 'DEVICEBATCH_TENANT_ID must be the tenant ID'],
    [
      { ...complete, DEVICEBATCH_CLIENT_ID: 'my-app' },
      'DEVICEBATCH_CLIENT_ID must be the application (client) ID',
    ],
    [
      { ...complete, DEVICEBATCH_CLIENT_SECRET: complete.DEVICEBATCH_CLIENT_ID },
      'DEVICEBATCH_CLIENT_SECRET must be the value of the client secret, not its ID',
    ],
    [{ ...complete, DEVICEBATCH_CLOUD: 'mars' }, 'DEVICEBATCH_CLOUD must be global, us-government or china.'],
    [{ ...complete, DEVICEBATCH_BASE_URL: 'https://x.example' }, 'DEVICEBATCH_BASE_URL must be an https URL'],
    [
      { ...complete, DEVICEBATCH_AUTHORITY_HOST: 'http://x.example' },
      'DEVICEBATCH_AUTHORITY_HOST must be an https URL',
    ],
    [{ ...complete, DEVICEBATCH_WORKER: 'false' }, 'DEVICEBATCH_WORKER must be yes or no.'],
    [{ DEVICEBATCH_PORT: 'eighty' }, 'DEVICEBATCH_PORT must be a whole number from 0 to 65535.'],
    [{ PORT: '65536' }, 'DEVICEBATCH_PORT must be a whole number from 0 to 65535.'],
    [
      { DEVICEBATCH_HOST: '127.0.0.1:80' },
      'DEVICEBATCH_HOST must be an IP address or a host name without a port',
    ],
    [
      { DEVICEBATCH_PUBLIC_URL: 'devices.contoso.com' },
      'DEVICEBATCH_PUBLIC_URL must be the address that people see',
    ],
    [
      { DEVICEBATCH_PUBLIC_URL: 'https://x.example/a' },
      'DEVICEBATCH_PUBLIC_URL must be the address that people see',
    ],
    [
      { ...openId, DEVICEBATCH_OIDC_ISSUER: 'http://login.example.com' },
      'DEVICEBATCH_OIDC_ISSUER must be an https URL',
    ],
    [{ ...openId, DEVICEBATCH_OIDC_ISSUER: 'contoso' }, 'DEVICEBATCH_OIDC_ISSUER must be an https URL'],
    [{ DEVICEBATCH_DASHBOARD_TOKEN: 'short' }, 'DEVICEBATCH_DASHBOARD_TOKEN must be 20 characters or more'],
    [
      { DEVICEBATCH_METRICS_TOKEN: 'a b c d e f g h i j k' },
      'DEVICEBATCH_METRICS_TOKEN must be 20 characters',
    ],
    [{ DEVICEBATCH_DATABSE_URL: 'x' }, 'DEVICEBATCH_DATABSE_URL is not a setting: compare its spelling'],
  ])('that is wrong is named: %j', (environment, message) => {
    const problems = problemsOf(environment)
    expect(problems).toContainEqual(expect.stringContaining(message))
    const wrong = Object.values(environment).find((value) => !known.includes(value))
    if (wrong !== undefined && wrong.length > 3) expect(problems.join()).not.toContain(wrong)
  })

  test.each([
    [
      { DEVICEBATCH_HOST: '0.0.0.0' },
      'DEVICEBATCH_HOST is an address that others can reach: set DEVICEBATCH_DASHBOARD_TOKEN',
    ],
    [
      { DEVICEBATCH_CLIENT_ID: complete.DEVICEBATCH_CLIENT_ID },
      'DEVICEBATCH_DATABASE_URL must be set, because',
    ],
    [{ DEVICEBATCH_WORKER: 'no' }, 'DEVICEBATCH_DATABASE_URL must be set, because DEVICEBATCH_WORKER is'],
    [
      { ...complete, DEVICEBATCH_CLOUD: 'china', DEVICEBATCH_AUTHORITY_HOST: 'https://login.example' },
      'Set DEVICEBATCH_CLOUD or DEVICEBATCH_AUTHORITY_HOST, not both',
    ],
    [
      { DEVICEBATCH_DASHBOARD_TOKEN: token, DEVICEBATCH_METRICS_TOKEN: token },
      'DEVICEBATCH_METRICS_TOKEN must differ from DEVICEBATCH_DASHBOARD_TOKEN',
    ],
    [
      { ...openId, DEVICEBATCH_OIDC_ISSUER: undefined },
      'DEVICEBATCH_OIDC_ISSUER must be set, because DEVICEBATCH_OIDC_CLIENT_ID is',
    ],
    [
      { ...openId, DEVICEBATCH_OIDC_CLIENT_ID: ' ' },
      'DEVICEBATCH_OIDC_CLIENT_ID must be set, because DEVICEBATCH_OIDC_ISSUER is',
    ],
    [
      { ...openId, DEVICEBATCH_OIDC_CLIENT_SECRET: undefined },
      'DEVICEBATCH_OIDC_CLIENT_SECRET must be set, because DEVICEBATCH_OIDC_ISSUER is',
    ],
    [
      { ...openId, DEVICEBATCH_PUBLIC_URL: undefined },
      'DEVICEBATCH_PUBLIC_URL must be set, because DEVICEBATCH_OIDC_ISSUER is',
    ],
    [
      { ...openId, DEVICEBATCH_DASHBOARD_TOKEN: token },
      'Set DEVICEBATCH_DASHBOARD_TOKEN or DEVICEBATCH_OIDC_ISSUER, not both',
    ],
    [
      { ...complete, DEVICEBATCH_REFRESH_TOKEN: 'x' },
      'DEVICEBATCH_REFRESH_TOKEN needs DEVICEBATCH_REFRESH_TOKEN_FILE',
    ],
  ])('that does not fit the others is named: %j', (environment, message) => {
    expect(problemsOf(environment)).toEqual([expect.stringContaining(message)])
  })

  test('for an OpenID provider replaces the token, also where others can reach the port', async () => {
    const secret = await makeFile('the-secret-of-the-dashboard\n')
    const settings = readEnvironment({
      ...openId,
      DEVICEBATCH_OIDC_CLIENT_SECRET: undefined,
      DEVICEBATCH_OIDC_CLIENT_SECRET_FILE: secret,
      DEVICEBATCH_HOST: '0.0.0.0',
    })
    expect(settings.openId).toEqual({
      issuer: 'https://login.example.com/tenant/v2.0',
      clientId: 'dashboard',
      clientSecret: 'the-secret-of-the-dashboard',
      publicUrl: 'https://devices.example.com',
    })
    expect(settings.token).toBeUndefined()
  })

  test('that is right passes', () => {
    expect(problemsOf({ ...complete, DEVICEBATCH_CUSTOMER: 'for the command devicebatch' })).toEqual([])
  })
})

describe('a secret in a file', () => {
  test('is read without the line break at its end', async () => {
    const file = await makeFile(`${token}\n`)
    expect(readEnvironment({ DEVICEBATCH_DASHBOARD_TOKEN_FILE: file }).token).toBe(token)
  })

  test('that cannot be read, is empty, is wrong or is set twice is named', async () => {
    const [empty, wrong] = [await makeFile('\n'), await makeFile('short\n')]
    expect(
      problemsOf({
        ...complete,
        DEVICEBATCH_DATABASE_URL: undefined,
        DEVICEBATCH_DATABASE_URL_FILE: `${empty}-gone`,
        DEVICEBATCH_CLIENT_SECRET_FILE: empty,
        DEVICEBATCH_DASHBOARD_TOKEN_FILE: empty,
        DEVICEBATCH_METRICS_TOKEN_FILE: wrong,
      }),
    ).toEqual([
      'DEVICEBATCH_DATABASE_URL_FILE names a file that cannot be read (ENOENT): correct the path or the permissions.',
      'Set DEVICEBATCH_CLIENT_SECRET or DEVICEBATCH_CLIENT_SECRET_FILE, not both.',
      'DEVICEBATCH_DASHBOARD_TOKEN_FILE names a file that is empty: it must contain the value of DEVICEBATCH_DASHBOARD_TOKEN.',
      expect.stringMatching(/^DEVICEBATCH_METRICS_TOKEN must be 20 characters/),
    ])
  })
})

describe.each([[[]], [['--check']], [['worker']]])('the command with %j', (args) => {
  test('reports all problems at once, one line each, and has then started nothing', async () => {
    let connections = 0
    const database = createServer(() => (connections += 1)).listen(0, '127.0.0.1')
    onTestFinished(() => void database.close())
    await once(database, 'listening')
    const { port } = database.address() as AddressInfo
    const { exitCode, stdout, stderr } = await runCommand(args, {
      ...complete,
      DEVICEBATCH_DATABASE_URL: `postgres://tracker:secret@127.0.0.1:${port}/tracker`,
      DEVICEBATCH_TENANT_ID: '',
      DEVICEBATCH_CLIENT_ID: 'my-app',
      DEVICEBATCH_PORT: '-1',
      DEVICEBATCH_HOST: '0.0.0.0',
    })
    expect(stderr.trimEnd().split('\n')).toEqual([
      expect.stringMatching(/^DEVICEBATCH_CLIENT_ID must be/),
      expect.stringMatching(/^DEVICEBATCH_PORT must be/),
      expect.stringMatching(/^DEVICEBATCH_TENANT_ID must be set/),
      expect.stringMatching(/^DEVICEBATCH_HOST is an address that others can reach/),
    ])
    expect({ exitCode, stdout, connections }).toEqual({ exitCode: 1, stdout: '', connections: 0 })
  })
})

test('--check of good settings opens no database', async () => {
  const { exitCode, stdout, stderr } = await runCommand(['--check'], complete)
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
  expect(stdout).toBe('The settings are complete and consistent.\n')
})

test.each([[['migrate']], [['worker']], [[]]])(
  'a database that cannot be reached ends %j with 1 and one line, which does not show the password',
  async (args) => {
    const { exitCode, stdout, stderr } = await runCommand(args, complete)
    expect(stderr).toMatch(/^No connection: the PostgreSQL server at 127\.0\.0\.1:9 cannot be reached .*\n$/)
    expect(stderr).not.toContain('secret')
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' })
  },
)

test('the table of the README has every setting, as the code describes it', async () => {
  const readme = await readFile(join(import.meta.dirname, '../README.md'), 'utf8')
  const rows = readme
    .split('\n')
    .filter((line) => line.startsWith('| `DEVICEBATCH_'))
    .map((line) => line.split(' | ').map((cell) => cell.replace(/^\| | \|$/g, '').trim()))
  expect(rows).toEqual(
    Object.entries<Variable>(variables).map(([name, { isSecret, meaning, without }]) => [
      `\`${name}\`${isSecret ? ' (or `_FILE`)' : ''}`,
      meaning,
      without,
    ]),
  )
})

function problemsOf(environment: Record<string, string | undefined>): string[] {
  try {
    readEnvironment(environment)
    return []
  } catch (error) {
    if (!(error instanceof EnvironmentError)) throw error
    return error.message.split('\n')
  }
}

async function makeFile(content: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'devicebatch-settings-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  await writeFile(join(folder, 'secret'), content)
  return join(folder, 'secret')
}
