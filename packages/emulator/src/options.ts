/** What a user of the emulator can choose, with the defaults, read once when the emulator is created. */

import { checkMember, numberFrom, oneOf, parseTime } from './check-value.ts'
import { quirkNames, resolveQuirks } from './quirks/quirks.ts'
import type { EmulatorQuirks, ResolvedQuirks } from './quirks/quirks.ts'
import { unkindQuirks } from './quirks/unkind.ts'

/** How the emulator behaves. */
export interface EmulatorOptions {
  /** Milliseconds on the emulator's clock that an upload stays `queued`; 0 or more, default 2,000. */
  queuedMs?: number | undefined
  /**
   * Milliseconds on the emulator's clock from the start of processing to the end of the batch; the devices finish one
   * after another in this time. 0 or more, default 10,000. (The documented batch took ten minutes.)
   */
  processingMs?: number | undefined
  /** Where the clock starts: an ISO 8601 time such as `2030-01-01T00:00:00Z`; default is now. */
  startTime?: string | undefined
  /**
   * How many milliseconds the clock moves in one real millisecond: 1 is real time (the default), 60 lets a minute pass
   * in a second, 0 stands still and moves by `clock.advance()` alone. Tokens live 3,600 seconds of this clock.
   */
  timeScale?: number | undefined
  /**
   * How the emulator behaves where no source says what the service does: `kind` (the default) is the best documented
   * behavior; `unkind` turns each such question to the side that hurts, a choice of them for each `seed`.
   */
  profile?: 'kind' | 'unkind' | undefined
  /** What the profile and the quirks draw their choices from; a whole number from 0, default 1. */
  seed?: number | undefined
  /** Single behaviors that no source settles; each goes before what the profile chose. */
  quirks?: EmulatorQuirks | undefined
  /**
   * The refresh token of `emulatorCredentials` was got with multifactor authentication; default true. With false it is
   * refused with AADSTS50076, and one that comes from the authorize endpoint is not.
   */
  refreshTokenHasMfa?: boolean | undefined
  /**
   * Host names, without a port, by which a server may reach the emulator besides those of this machine (`localhost`,
   * 127.0.0.0/8, `[::1]`), such as `host.docker.internal`; default none. A request with another `Host` header gets 403, so
   * that no page can reach the emulator by rebinding its own name to this machine.
   */
  allowedHosts?: readonly string[] | undefined
  /** Pages of any origin may call the emulator, its own endpoints included; default false. */
  cors?: boolean | undefined
  /** Bytes that a request body may have, 1 or more, default 30,000,000; a longer one is answered with 400. */
  maxBodyBytes?: number | undefined
}

/** The options and quirks with every default filled in; `startTime` as milliseconds since 1970, undefined for now. */
export interface EmulatorSettings extends ResolvedQuirks {
  readonly queuedMs: number
  readonly processingMs: number
  readonly startTime: number | undefined
  readonly timeScale: number
  readonly seed: number
  /** The quirks together, to be shown. */
  readonly quirks: ResolvedQuirks
  readonly refreshTokenHasMfa: boolean
  readonly allowedHosts: readonly string[]
  readonly cors: boolean
  readonly maxBodyBytes: number
}

const optionNames: readonly string[] = Object.keys({
  queuedMs: true,
  processingMs: true,
  startTime: true,
  timeScale: true,
  profile: true,
  seed: true,
  quirks: true,
  refreshTokenHasMfa: true,
  allowedHosts: true,
  cors: true,
  maxBodyBytes: true,
} satisfies Record<keyof EmulatorOptions, true>)

/** Fills in the defaults. Throws a `RangeError` or `TypeError` that begins with the option's name when a value is wrong. */
export function resolveOptions(options: EmulatorOptions): EmulatorSettings {
  for (const name of Object.keys(options)) checkOption(name)
  const seed = numberFrom(0, 'seed', options.seed ?? 1)
  if (!Number.isInteger(seed)) throw new RangeError(`"seed" must be a whole number, got ${seed}.`)
  const timeScale = numberFrom(0, 'timeScale', options.timeScale ?? 1)
  const isUnkind = oneOf('profile', options.profile, ['kind', 'unkind']) === 'unkind'
  const quirks = resolveQuirks({ ...(isUnkind && unkindQuirks(seed, timeScale)), ...options.quirks })
  return {
    ...quirks,
    quirks,
    queuedMs: numberFrom(0, 'queuedMs', options.queuedMs ?? 2_000),
    processingMs: numberFrom(0, 'processingMs', options.processingMs ?? 10_000),
    startTime: options.startTime === undefined ? undefined : parseTime('startTime', options.startTime),
    timeScale,
    seed,
    refreshTokenHasMfa: options.refreshTokenHasMfa ?? true,
    allowedHosts: (options.allowedHosts ?? []).map((host) => host.toLowerCase()),
    cors: options.cors ?? false,
    maxBodyBytes: numberFrom(1, 'maxBodyBytes', options.maxBodyBytes ?? 30_000_000),
  }
}

function checkOption(name: string): void {
  if (quirkNames.includes(name)) {
    throw new TypeError(`"${name}" is a quirk: pass it as { quirks: { ${name}: … } }.`)
  }
  checkMember('an option of the emulator', name, optionNames)
}
