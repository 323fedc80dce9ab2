/** The emulator's options and defaults, resolved once when the emulator is created. */

import { checkMember, numberFrom, oneOf, parseTime } from './check-value.ts'
import { quirkNames, resolveQuirks } from './quirks/quirks.ts'
import type { EmulatorQuirks, ResolvedQuirks } from './quirks/quirks.ts'
import { unkindQuirks } from './quirks/unkind.ts'

/** How the emulator behaves. */
export interface EmulatorOptions {
  /** How long an upload stays `queued`, in milliseconds of the emulator's clock; 0 or more. Default 2,000. */
  queuedMs?: number | undefined
  /**
   * How long an upload is processed, in milliseconds of the emulator's clock; the devices finish one after another in this
   * time. 0 or more. Default 10,000. (The documented batch took ten minutes.)
   */
  processingMs?: number | undefined
  /** The initial time of the clock: an ISO 8601 time such as `2030-01-01T00:00:00Z`. Default: now. */
  startTime?: string | undefined
  /**
   * How many milliseconds the clock advances per real millisecond: 1 is real time (the default), with 60 a minute passes in a
   * second, and with 0 the clock stands still until `clock.advance()`. Tokens are valid for 3,600 seconds of this clock,
   * or of real time if this clock is faster.
   */
  timeScale?: number | undefined
  /**
   * How the emulator behaves where no source says what the service does: `kind` (the default) is the best documented behavior;
   * `unkind` picks less convenient behaviors, a different selection for each `seed`.
   */
  profile?: 'kind' | 'unkind' | undefined
  /** The random seed of the profile and the quirks; a whole number from 0. Default 1. */
  seed?: number | undefined
  /** Individual behaviors that no source documents; each overrides the profile. */
  quirks?: EmulatorQuirks | undefined
  /**
   * Whether the refresh token of `emulatorCredentials` was obtained with multifactor authentication. Default true. With false,
   * it is refused with AADSTS50076, but a token from the authorize endpoint is not.
   */
  refreshTokenHasMfa?: boolean | undefined
  /**
   * Additional host names, without a port, that a server accepts besides those of this machine (`localhost`, 127.0.0.0/8,
   * `[::1]`), such as `host.docker.internal`; default none. A request with another `Host` header gets 403, so that no page can
   * reach the emulator by rebinding its own name to this machine.
   */
  allowedHosts?: readonly string[] | undefined
  /** Whether pages of any origin may call the emulator, including its own endpoints. Default false. */
  cors?: boolean | undefined
  /** The maximum size of a request body, in bytes; 1 or more. Default 30,000,000. A larger body gets a 400. */
  maxBodyBytes?: number | undefined
}

/** The options and quirks with every default filled in; `startTime` as milliseconds since 1970, undefined for now. */
export interface EmulatorSettings extends ResolvedQuirks {
  readonly queuedMs: number
  readonly processingMs: number
  readonly startTime: number | undefined
  readonly timeScale: number
  readonly seed: number
  /** The quirks as one object, to display. */
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
