/** What every page is given. */
import type { PartnerCenter } from '@devicebatch/client'
import type { Tracker } from '@devicebatch/tracker'

import type { Check, DeviceFile, Kept } from './checks.ts'
import type { CustomerNames } from './customer-names.ts'
import type { FailedAttempts } from './http/failed-attempts.ts'
import type { Sessions } from './http/sessions.ts'
import type { Theme } from './http/themes.ts'
import type { Messages } from './language/translate.ts'
import type { Live } from './live.ts'
import type { Log } from './log.ts'

/** The services of the dashboard, made once. */
export interface Services {
  /** What is known, and what can be handed in. */
  tracker: Tracker
  /** Asked whether a batch exists, before an upload. */
  partner: PartnerCenter
  /** Files that were read and wait for a yes. */
  checks: Kept<Check>
  /** Files whose form had a mistake, so that nobody has to choose them again. */
  files: Kept<DeviceFile>
  names: CustomerNames
  live: Live
  log: Log
  sessions: Sessions
  /** Wrong tokens, by address. */
  failedAttempts: FailedAttempts
  /** Its cookies go over HTTPS only. */
  isSecure: boolean
  /** A proxy tells where requests come from. */
  isBehindProxy: boolean
  /** The token to sign in with; without it nobody has to. */
  token: string | undefined
  /** Everything goes to the emulator: every page says so. */
  emulated: boolean
}

/** The variables of a request, as Hono wants them told. */
export interface Site {
  /** What the Node listener tells, on each runtime. */
  Bindings: { incoming?: { socket: { remoteAddress?: string | undefined; destroy: () => unknown } } }
  Variables: {
    services: Services
    messages: Messages
    theme: Theme
    isSignedIn: boolean
    /** The position of the newest event before anything of the page was read. */
    position: string
  }
}
