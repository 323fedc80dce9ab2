/** Which sign-ins at the provider have not come back yet? */
import type { SignInRequest } from './openid-provider.ts'
import type { SecretStore } from './secret-store.ts'
import { createSecretStore } from './secret-store.ts'

/** A sign-in in progress, in the browser that started it. */
export interface PendingSignIn extends SignInRequest {
  /** Where to go afterwards. */
  back: string
}

export type PendingSignIns = SecretStore<PendingSignIn>

/** How long a sign-in may take. */
export const pendingSeconds = 600
/** Anybody can start one. */
const mostPending = 10_000

/** Creates an empty set of sign-ins in progress. */
export function createPendingSignIns(): PendingSignIns {
  return createSecretStore({ lifetimeSeconds: pendingSeconds, most: mostPending })
}
