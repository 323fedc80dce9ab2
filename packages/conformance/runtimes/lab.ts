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

/** Where an emulator is, and who may sign in. */
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
  /** What broke our document in the calls of the emulator with this address. */
  '/violations': string[]
  '/foreign': { origin: string }
  '/nobody': { origin: string }
}

/**
 * An emulator of the test's own, on a port of its own. Its time stands still unless the options say otherwise. The test fails
 * when one of the calls broke our document.
 */
export interface Emulator extends EmulatorAddress {
  /** Moves its time forward. */
  advance(ms: number): Promise<void>
  /** Adds a fault. */
  fail(fault: Fault): Promise<void>
  seed(seed: EmulatorSeed): Promise<void>
  /** The requests for one operation, or for all but the token. */
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
      // A browser sends a preflight first: that is not the caller's request.
      const asked = all.filter(({ method }) => method !== 'OPTIONS')
      return asked.filter((one) => (operation ? one.operation === operation : one.operation !== 'getToken'))
    },
  }
}

/** A server of another origin; `requests()` is what has reached it. */
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

/** What the promise rejects with, or the function that makes it throws; fails when there is nothing wrong. */
export async function rejection(of: Promise<unknown> | (() => unknown)): Promise<unknown> {
  try {
    await (typeof of === 'function' ? of() : of)
  } catch (error) {
    return error
  }
  throw new Error('It was to fail, and it did not.')
}

/** Waits until it is so; the test's own limit ends it otherwise. */
export async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await pause(10)
}

/** Lets a little real time pass: for what must not happen. */
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
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${await response.text()}`)
  return await response.json()
}
