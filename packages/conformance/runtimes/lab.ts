/** The tests' view of the other side, using only `fetch`: emulators with their clock and faults, and foreign servers. */
import type { PartnerCenter } from '@devicebatch/client'
import { createPartnerCenter } from '@devicebatch/client'
import { appUser } from '@devicebatch/client/credentials'
import type { PartnerFetchOptions } from '@devicebatch/edge'
import type {
  emulatorCredentials,
  EmulatorOperation,
  EmulatorOptions,
  EmulatorSeed,
  Fault,
  RecordedRequest,
} from '@devicebatch/emulator'
import { expect, inject, onTestFinished } from 'vitest'

/** Where an emulator is, and which credentials it accepts. */
export interface EmulatorAddress {
  url: string
  baseUrl: string
  credentials: typeof emulatorCredentials
}

/** A request that reached a foreign server. */
export interface ForeignRequest {
  method: string
  path: string
  headers: Record<string, string>
  body: string
}

/** What the lab server makes, by path. */
export interface LabAnswers {
  '/emulator': EmulatorAddress
  /** How calls to the emulator with this address violated our document. */
  '/violations': string[]
  '/foreign': { origin: string }
  '/nobody': { origin: string }
}

/**
 * An emulator for the test, on its own port. Its clock stands still unless the options say otherwise. The test fails if one of the
 * calls violates our document.
 */
export interface Emulator extends EmulatorAddress {
  /** Advances its clock. */
  advance(ms: number): Promise<void>
  /** Adds a fault. */
  fail(fault: Fault): Promise<void>
  seed(seed: EmulatorSeed): Promise<void>
  /** The requests for one operation, or for all except the token. */
  requests(operation?: EmulatorOperation): Promise<RecordedRequest[]>
}

export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const address = await askLab('/emulator', { timeScale: 0, ...options })
  onTestFinished(async () => {
    expect(await askLab('/violations', { url: address.url }), 'what broke the document').toEqual([])
  })
  const control = async (path: string, body?: object): Promise<unknown> =>
    ask(`${address.url}/_emulator${path}`, body)
  return {
    ...address,
    advance: async (advanceMs) => void (await control('/clock', { advanceMs })),
    fail: async (fault) => void (await control('/faults', fault)),
    seed: async (seed) => void (await control('/seed', seed)),
    async requests(operation) {
      const all = (await control('/requests')) as RecordedRequest[]
      // A browser sends a preflight first, which is not the caller's request.
      const asked = all.filter(({ method }) => method !== 'OPTIONS')
      return asked.filter((one) => (operation ? one.operation === operation : one.operation !== 'getToken'))
    },
  }
}

/** A server on another origin; `requests()` returns what has reached it. */
export async function startForeignServer(): Promise<{
  origin: string
  requests: () => Promise<ForeignRequest[]>
}> {
  const { origin } = await askLab('/foreign', {})
  return { origin, requests: async () => (await ask(`${origin}/_requests`)) as ForeignRequest[] }
}

/** An origin on which nothing listens. */
export async function findNobody(): Promise<string> {
  return (await askLab('/nobody', {})).origin
}

/** Options for an emulator: sign-in over the network, and waits between attempts that a test can sit through. */
export function optionsFor({ url, baseUrl, credentials }: EmulatorAddress): PartnerFetchOptions {
  const credential = appUser({ ...credentials, onRefreshToken: () => {}, authorityHost: url })
  return { credential, baseUrl, retry: { baseDelayMs: 1 } }
}

/** A partner of the emulator. */
export function partnerOf(
  emulator: EmulatorAddress,
  options: Partial<PartnerFetchOptions> = {},
): PartnerCenter {
  return createPartnerCenter({ ...optionsFor(emulator), ...options })
}

/** What the promise rejects with, or what the function that creates it throws; fails if nothing goes wrong. */
export async function rejection(of: Promise<unknown> | (() => unknown)): Promise<unknown> {
  try {
    await (typeof of === 'function' ? of() : of)
  } catch (error) {
    return error
  }
  throw new Error('This should have failed, but it did not.')
}

/** Waits until the condition holds; otherwise the test times out. */
export async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await pause(10)
}

/** Lets a little real time pass, to check that something does not happen. */
export async function pause(ms: number): Promise<void> {
  await new Promise((resolve) => {
    setTimeout(resolve, ms)
  })
}

async function askLab<Path extends keyof LabAnswers>(path: Path, body: object): Promise<LabAnswers[Path]> {
  return (await ask(inject('lab') + path, body)) as LabAnswers[Path]
}

async function ask(url: string, body?: object): Promise<unknown> {
  const response = await fetch(url, body && { method: 'POST', body: JSON.stringify(body) })
  if (!response.ok) throw new Error(`${url} returned ${response.status}: ${await response.text()}`)
  return await response.json()
}
