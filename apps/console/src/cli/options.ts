/** The options that several commands have, each written once. */
import { InvalidArgumentError, Option } from 'commander'

import type { OutputFormat } from '../output/output.ts'
import type { CommandContext } from './context.ts'

/** Runs a command with its surroundings. */
export type RunCommand = (
  format: OutputFormat,
  run: (context: CommandContext) => Promise<number>,
) => Promise<void>

/** What every command that reports takes. */
export interface FormatOptions {
  json?: boolean
  csv?: boolean
}

/** What standard output is for. */
export function formatOf({ json, csv }: FormatOptions): OutputFormat {
  if (csv) return 'csv'
  return json ? 'json' : 'text'
}

export const json = (): Option =>
  new Option('--json', 'write one JSON document to standard output, and all else to standard error')
export const csv = (): Option =>
  new Option('--csv', 'write CSV to standard output, and all else to standard error').conflicts('json')
export const customer = (): Option =>
  new Option('--customer <id>', "the customer's Microsoft Entra tenant id").makeOptionMandatory()
export const customerUnlessLocation = (): Option =>
  new Option('--customer <id>', "the customer's Microsoft Entra tenant id; not needed with a Location")
export const batch = (): Option =>
  new Option(
    '--batch <name>',
    'a name for the batch; Autopilot shows it as the group tag',
  ).makeOptionMandatory()
export const emulator = (): Option =>
  new Option('--emulator <url>', 'use the emulator at this address; needs no credentials')
export const encoding = (): Option =>
  new Option('--encoding <label>', 'the encoding of a file that is not UTF-8, such as windows-1252')
export const interval = (): Option =>
  new Option(
    '--interval <seconds>',
    'time between the first two looks; it doubles up to 30 s (default: 2)',
  ).argParser(readSeconds)
export const timeout = (): Option =>
  new Option(
    '--timeout <seconds>',
    'how long to wait before ending with exit code 3 (default: 1800)',
  ).argParser(readSeconds)
export const chunkSize = (): Option =>
  new Option(
    '--chunk-size <number>',
    'devices in one request (default: 500); give fewer when the service refuses so many',
  ).argParser(readCount)
export const yes = (): Option => new Option('--yes', 'do it without asking')
export const allDevices = (): Option => new Option('--all', 'every device of the batch')
export const settings = (): Option =>
  new Option(
    '--setting <words...>',
    'every setting that is to be on, such as skip_eula, skip_express_settings, skip_oem_registration, remove_oem_preinstalls, oobe_user_not_local_admin',
  )

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
