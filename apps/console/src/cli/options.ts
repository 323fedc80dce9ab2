/** The options that several commands share. */
import { InvalidArgumentError, Option } from 'commander'

/**
 * An option that must be there. Not commander's `makeOptionMandatory`, which would be reported before a missing argument, while
 * users correct the argument first.
 */
export class RequiredOption extends Option {
  constructor(flags: string, description: string) {
    super(flags, `${description} (required)`)
  }
}

export const json = (): Option =>
  new Option('--json', 'write one JSON document to standard output and everything else to standard error')
export const ascii = (): Option =>
  new Option('--ascii', 'like --json, with every non-ASCII character escaped').implies({ json: true })
export const csv = (): Option =>
  new Option('--csv', 'write CSV to standard output and everything else to standard error').conflicts('json')
export const customer = (): Option =>
  new Option(
    '--customer <customer>',
    'the customer: its tenant ID, one of its domains, or the beginning of its company name, which must match only one (default: DEVICEBATCH_CUSTOMER)',
  )
export const customerUnlessLocation = (): Option =>
  new Option(
    '--customer <customer>',
    'the customer (see "devicebatch upload --help"); not needed with a Location',
  )
export const batch = (): Option =>
  new RequiredOption(
    '--batch <name>',
    'the name of the batch to create or add to; Autopilot shows it as the group tag',
  )
/** The options of every command that sends requests. */
export const connection = (): Option[] => [
  new Option(
    '--emulator <url>',
    'use a local emulator at this URL instead of the service; needs no credentials',
  ),
  new Option('--verbose', 'log each request to standard error, one line each'),
  new Option(
    '--record <file>',
    'append each request and response to this file, with secrets and device data removed, to attach to a support request',
  ),
]
export const output = (): Option =>
  new Option(
    '--output <file>',
    'write standard output to this file as UTF-8; use it in PowerShell, where ">" would re-encode it',
  )
export const envFile = (): Option =>
  new Option('--env-file <file>', 'read settings from this file; environment variables take precedence')
export const encoding = (): Option =>
  new Option('--encoding <label>', 'the encoding of a file that is not UTF-8, such as windows-1252')
export const interval = (): Option =>
  new Option(
    '--interval <seconds>',
    'seconds between the first two polls; each wait is twice the last, up to 30 (default: 2)',
  ).argParser(readSeconds)
export const timeout = (): Option =>
  new Option('--timeout <seconds>', 'how long to wait before exiting with code 3 (default: 1800)').argParser(
    readSeconds,
  )
export const chunkSize = (): Option =>
  new Option(
    '--chunk-size <number>',
    'devices per request (default: 500); use fewer if the service rejects that many',
  ).argParser(readCount)
/** Where results go; `fallback` says where without it. */
export const results = (fallback: string): Option =>
  new Option('--results <file>', `where to write the result of each row (default: ${fallback})`)
export const yes = (): Option => new Option('--yes', 'do not ask for confirmation')
export const allDevices = (): Option => new Option('--all', 'every device of the batch')
const settingsHelp =
  'every setting to turn on, such as skip_eula, skip_express_settings, skip_oem_registration, remove_oem_preinstalls, oobe_user_not_local_admin'
export const settings = (): Option => new Option('--setting <words...>', settingsHelp)
export const requiredSettings = (): Option => new RequiredOption('--setting <words...>', settingsHelp)

function readCount(text: string): number {
  const number = Number(text)
  if (Number.isInteger(number) && number > 0) return number
  throw new InvalidArgumentError('It must be a whole number above 0.')
}

/** Returns milliseconds. */
function readSeconds(text: string): number {
  const seconds = Number(text)
  if (text.trim() !== '' && seconds > 0) return seconds * 1_000
  throw new InvalidArgumentError('It must be a number of seconds above 0.')
}
