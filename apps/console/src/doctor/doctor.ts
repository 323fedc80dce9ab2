/** `devicebatch doctor`: checks everything that an upload needs, from Node to the list of customers, and says how to fix it. */
import { createPartnerCenter, isPartnerCenterError } from '@devicebatch/client'
import { defaultScope, findEntraProblem, isGuid, resolveBaseUrl } from '@devicebatch/edge/internal'

import type { CommandContext } from '../cli/context.ts'
import type { ConsoleCommand } from '../cli/define-command.ts'
import { defineCommand } from '../cli/define-command.ts'
import { exitCodes } from '../cli/exit-code.ts'
import { signInHelp } from '../cli/help.ts'
import { connection as connectionOptions, json } from '../cli/options.ts'
import { describeError, withOptionNames } from '../output/describe-error.ts'
import { emulatorHeading } from '../output/render-report.ts'
import type { Connection } from '../service/connect.ts'
import { connect } from '../service/connect.ts'
import type { Check, CheckName } from './check.ts'
import { checkNames, failedCall, failure, ok, skipped, warning } from './check.ts'
import { checkClock } from './clock.ts'
import type { Reached } from './reach.ts'
import { reach } from './reach.ts'
import { renderCheck, renderUnmade, renderVerdict } from './render.ts'
import { checkSettings } from './settings.ts'
import { checkCertificates, checkNode, checkProxy, proxyNames } from './system.ts'
import type { TokenClaims } from './token.ts'
import { checkMfa, checkToken, readClaims } from './token.ts'

interface DoctorOptions {
  emulator?: string
}

/** Runs the checks one after another; those that a failure prevents are skipped. */
async function doctor(context: CommandContext, options: DoctorOptions): Promise<number> {
  const { output } = context
  const checks: Check[] = []
  const emulated = options.emulator !== undefined
  if (emulated) output.print(output.style('yellow', emulatorHeading), '')
  for await (const check of makeChecks(context, options)) {
    checks.push(check)
    output.print(renderCheck(check, output))
  }
  const unmade = checkNames.filter((one) => !checks.some((check) => check.name === one))
  checks.push(...unmade.map((name) => skipped(name, 'Not checked, because of the failure above.')))
  output.print(renderUnmade(unmade, output))
  output.record({ emulated, checks })
  output.print('', renderVerdict(checks, output))
  return checks.some(({ result }) => result === 'failure') ? exitCodes.failed : exitCodes.registered
}

async function* makeChecks(
  context: CommandContext,
  { emulator }: DoctorOptions,
): AsyncGenerator<Check, void, undefined> {
  const { env } = context
  const local =
    emulator === undefined
      ? [checkNode(), ...checkSettings(env), checkProxy(env), checkCertificates(env)]
      : [
          checkNode(),
          ok('settings', 'Not used with --emulator.'),
          ok('proxy', 'Not used with --emulator.'),
          ok('certificates', 'Not used with --emulator.'),
        ]
  yield* local
  if (local.some(({ result }) => result === 'failure')) return
  try {
    yield* checkService(
      context,
      await connect(context, { emulator }),
      emulator === undefined ? proxyNames(env) : [],
    )
  } catch (error) {
    // A setting that only the connection reads, such as the refresh token file, or an address that is not an emulator's.
    if (!isPartnerCenterError(error) || error.code !== 'invalid-argument') throw error
    yield failure(emulator === undefined ? 'settings' : 'service', describeError(error), 'Correct it.')
  }
}

async function* checkService(
  { signal }: CommandContext,
  connection: Connection,
  proxies: readonly string[],
): AsyncGenerator<Check, void, undefined> {
  await connection.ready()
  const network = { fetch: connection.options.fetch ?? fetch, signal, proxies }
  const { issuer } = connection.authority
  const metadata = await reach('sign-in host', `${issuer}/.well-known/openid-configuration`, network)
  const tenant = 'result' in metadata ? metadata : checkTenantMetadata(metadata, new URL(issuer).host)
  yield tenant
  const { cloud, baseUrl: ownBaseUrl } = connection.options
  const baseUrl = resolveBaseUrl({ cloud, baseUrl: ownBaseUrl })
  const service = await reach('service', baseUrl, network)
  if ('result' in service) {
    yield service
    return
  }
  yield ok('service', `${new URL(baseUrl).host} responds.`)
  yield checkClock(service.clock)
  if (tenant.result === 'failure') return
  const tenantId = 'result' in metadata ? undefined : tenantIdIn(metadata.body)
  const expected = { scope: defaultScope(baseUrl), tenantId, now: service.clock?.theirs ?? Date.now() }
  yield* checkAccess(connection, expected, signal)
}

/** What Microsoft Entra says about the tenant, without a token. */
function checkTenantMetadata({ status, body }: Reached, host: string): Check {
  if (tenantIdIn(body) !== undefined) return ok('sign-in host', `${host} responds, and knows the tenant.`)
  const problem = status === 400 ? findEntraProblem(body) : undefined
  if (problem) return failure('sign-in host', problem.cause, withOptionNames(problem.remedy))
  return failure(
    'sign-in host',
    `${host} responds with HTTP status ${status}, and not as Microsoft Entra does.`,
    'Check the address, and that no proxy or sign-in page of your network responds in its place.',
  )
}

/** The tenant in OpenID Provider Metadata; undefined if the text is something else. */
function tenantIdIn(body: string): string | undefined {
  const tenantId = /"issuer":\s*"https:\/\/[^/"]+\/([^/"]+)\/v2\.0"/.exec(body)?.[1]
  return isGuid(tenantId) ? tenantId : undefined
}

/** Signs in, decodes the token, and reads the list of customers with it. */
async function* checkAccess(
  connection: Connection,
  expected: Parameters<typeof checkToken>[1],
  signal: AbortSignal,
): AsyncGenerator<Check, void, undefined> {
  let token: string
  try {
    token = await connection.getToken(expected.scope, signal)
  } catch (error) {
    yield failedSignIn('sign-in', error, signal)
    return
  }
  yield ok('sign-in', 'Microsoft Entra issued an access token.')
  const claims = readClaims(token)
  if (claims) yield* checkToken(claims, expected)
  else yield warning('audience', 'The token is not a JWT.', 'Check the address of the sign-in host.')
  yield* checkCustomers(connection, { token, claims: claims ?? {} }, signal)
}

function failedSignIn(name: CheckName, error: unknown, signal: AbortSignal): Check {
  signal.throwIfAborted()
  if (!isPartnerCenterError(error)) throw error
  return failedCall(name, error)
}

/** Reads one page of the list, because every other call needs the same access. */
async function* checkCustomers(
  { options }: Connection,
  { token, claims }: { token: string; claims: TokenClaims },
  signal: AbortSignal,
): AsyncGenerator<Check, void, undefined> {
  let isMfaCompliant: boolean | undefined
  const partner = createPartnerCenter({
    ...options,
    credential: () => token,
    validateMfa: true,
    observe(event) {
      options.observe?.(event)
      if (event.type === 'attempt') isMfaCompliant = event.isMfaCompliant
    },
  })
  let check = warning(
    'customers',
    'The service lists no customers.',
    'Send your customers the link for accepting you as their reseller: "devicebatch customers --invite" prints it.',
  )
  try {
    for await (const _ of partner.customers.list({ signal, retry: false })) {
      check = ok('customers', 'The service lists your customers.')
      break
    }
  } catch (error) {
    check = failedSignIn('customers', error, signal)
  }
  yield checkMfa(claims, isMfaCompliant)
  yield check
}

export const doctorCommand: ConsoleCommand = defineCommand({
  name: 'doctor',
  description: 'check Node, settings, network, clock, sign-in and access, and say how to fix what is wrong',
  options: [...connectionOptions(), json()],
  examples: ['devicebatch doctor', 'devicebatch doctor --env-file partner.env', 'devicebatch doctor --json'],
  exitCodes: { 0: 'no check failed; there may be warnings', 1: 'a check failed' },
  notes: ['\nIt changes nothing, and never shows the values of your settings or the token.', signInHelp],
  run: doctor,
})
