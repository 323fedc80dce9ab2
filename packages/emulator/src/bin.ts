#!/usr/bin/env node
/** The command `devicebatch-emulator`: serves the emulator until it is interrupted. */

// oxlint-disable no-restricted-globals -- a command runs on Node

import { Command, InvalidArgumentError, Option } from 'commander'

import { createEmulator } from './create-emulator.ts'
import { emulatorCredentials } from './credentials.ts'
import { serve } from './node.ts'
import type { EmulatorServer } from './node.ts'
import type { EmulatorOptions } from './options.ts'
import { quirkNames } from './quirks/quirks.ts'
import type { EmulatorQuirks } from './quirks/quirks.ts'
import { documentedUpload } from './state/documented-seed.ts'

const command = new Command('devicebatch-emulator')
  .description("Serves an emulator of Partner Center's device-deployment API on this machine.")
  .option('--port <number>', 'TCP port; 0 for any free port', readNumber, 7810)
  .option('--queued-ms <number>', 'how long an upload stays queued, in milliseconds', readNumber, 2_000)
  .option('--processing-ms <number>', 'how long an upload is processed, in milliseconds', readNumber, 10_000)
  .option('--time-scale <number>', 'emulated milliseconds per real millisecond', readNumber, 1)
  .option('--start-time <time>', 'initial time of the clock, such as 2030-01-01T00:00:00Z (default: now)')
  .addOption(
    new Option(
      '--profile <name>',
      'unkind: where the service is undocumented, behave in the least convenient way',
    )
      .choices(['kind', 'unkind'])
      .default('kind'),
  )
  .option('--seed <number>', 'random seed of the profile and the quirks', readNumber, 1)
  .option(
    '--quirk <name=value...>',
    `set one such behavior, such as bom=false: ${quirkNames.join(', ')}`,
    readQuirk,
    {},
  )
  .option('--no-refresh-token-has-mfa', 'refuse the printed refresh token with AADSTS50076')
  .option(
    '--max-body-bytes <number>',
    'maximum size of a request body, in bytes (default: 30000000)',
    readNumber,
  )
  .option(
    '--allowed-hosts <names...>',
    'additional host names, besides those of this machine, to accept in the Host header',
  )
  .option('--cors', 'allow pages of any origin to call the emulator')

type CommandOptions = Omit<EmulatorOptions, 'quirks'> & { port: number; quirk: EmulatorQuirks }

try {
  const { port, quirk, ...options } = command.parse().opts<CommandOptions>()
  const server = await serve({ emulator: createEmulator({ ...options, quirks: quirk }), port })
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void server.close())
  console.log(usage(server))
} catch (error) {
  console.error(`devicebatch-emulator: ${error instanceof Error ? error.message : String(error)}`)
  process.exitCode = 1
}

function readNumber(text: string): number {
  const value = Number(text)
  if (text.trim() !== '' && Number.isFinite(value)) return value
  throw new InvalidArgumentError('It must be a number.')
}

/** Adds `name=value` to the quirks: true, false and numbers are parsed, everything else is a string. */
function readQuirk(text: string, quirks: EmulatorQuirks): EmulatorQuirks {
  const [, name = '', value = ''] = /^(\w+)=(.+)$/.exec(text) ?? []
  if (name === '') throw new InvalidArgumentError('It must be name=value.')
  return { ...quirks, [name]: /^(?:true|false|\d+(?:\.\d+)?)$/.test(value) ? JSON.parse(value) : value }
}

function usage({ url, baseUrl }: EmulatorServer): string {
  const { tenantId, clientId, clientSecret, refreshToken } = emulatorCredentials
  return `EMULATOR of Partner Center's device-deployment API: nothing is sent to Microsoft.

  API             ${baseUrl}
  Token endpoint  ${url}/${tenantId}/oauth2/v2.0/token
  Sign-in         ${url}/${tenantId}/oauth2/v2.0/authorize
  State, control  ${url}/_emulator
  Client ID       ${clientId}
  Client secret   ${clientSecret}
  Refresh token   ${refreshToken}

Any GUID is a customer. A serial number that begins with EMU808- fails with 808, and so on for other codes.
Upload a file:  devicebatch upload devices.csv --customer ${documentedUpload.customerId} --batch "Test batch" --emulator ${url}
Stop with Ctrl-C.`
}
