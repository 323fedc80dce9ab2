/** What every page receives. */
import type { PartnerCenter } from '@devicebatch/client'
import type { Tracker } from '@devicebatch/tracker'

import type { Check, DeviceFile, Kept } from './checks.ts'
import type { CustomerNames } from './customer-names.ts'
import type { Theme } from './http/themes.ts'
import type { Messages } from './language/translate.ts'
import type { Live } from './live.ts'
import type { Log } from './log.ts'
import type { FailedAttempts } from './sign-in/failed-attempts.ts'
import type { OpenIdProvider } from './sign-in/openid-provider.ts'
import type { PendingSignIns } from './sign-in/pending-sign-ins.ts'
import type { Role } from './sign-in/person.ts'
import type { Session, Sessions } from './sign-in/sessions.ts'

/** With the token of the environment, or at an OpenID provider. */
export type SignIn = { kind: 'token'; token: string } | { kind: 'openid'; provider: OpenIdProvider }

/** The services of the dashboard, created once. */
export interface Services {
  /** The tracker to show and to submit to. */
  tracker: Tracker
  /** To check, before an upload, whether a batch exists. */
  partner: PartnerCenter
  /** Files that were read and wait for confirmation. */
  checks: Kept<Check>
  /** Files from forms with a mistake, so that nobody has to choose them again. */
  files: Kept<DeviceFile>
  names: CustomerNames
  live: Live
  log: Log
  sessions: Sessions
  /** Failed sign-ins, by address. */
  failedAttempts: FailedAttempts
  /** Whether its cookies are sent over HTTPS only. */
  isSecure: boolean
  /** Whether a proxy reports where requests come from. */
  isBehindProxy: boolean
  /** How to sign in; without it, no sign-in is needed. */
  signIn: SignIn | undefined
  /** Sign-ins at the OpenID provider that have not come back yet. */
  pendingSignIns: PendingSignIns
  /** Whether everything goes to the emulator; then every page says so. */
  emulated: boolean
}

/** The variables of a request, as Hono types them. */
export interface Site {
  /** What the Node listener provides, on each runtime. */
  Bindings: { incoming?: { socket: { remoteAddress?: string | undefined; destroy: () => unknown } } }
  Variables: {
    services: Services
    requestId: string
    messages: Messages
    theme: Theme
    /** The visitor's session; `undefined` if there is none, or no sign-in is needed. */
    session: Session | undefined
    /** What the visitor may do; only an operator changes anything. */
    access: Role | 'none'
    /** The position of the newest event before any data for the page was read. */
    position: string
  }
}
