/** The OpenID provider that the environment configures, instead of the token. */
import type { Log } from '../log.ts'
import { describeFailure } from '../sign-in/failure.ts'
import type { OpenIdSettings } from '../sign-in/openid-provider.ts'
import { createOpenIdProvider } from '../sign-in/openid-provider.ts'
import { EnvironmentError } from './environment-error.ts'
import type { Values } from './variables.ts'

const needed = [
  'DEVICEBATCH_OIDC_ISSUER',
  'DEVICEBATCH_OIDC_CLIENT_ID',
  'DEVICEBATCH_OIDC_CLIENT_SECRET',
] as const

/** What is missing or contradictory for the sign-in at an OpenID provider, one line for each. */
export function openIdProblems(values: Values): string[] {
  const given = needed.find((name) => values[name] !== undefined)
  if (given === undefined) return []
  const problems = needed
    .filter((name) => values[name] === undefined)
    .map((name) => `${name} must be set, because ${given} is. See docs/signing-in.md.`)
  if (values.DEVICEBATCH_PUBLIC_URL === undefined) {
    problems.push(
      `DEVICEBATCH_PUBLIC_URL must be set, because ${given} is: the provider sends people back to it, at /sign-in/callback.`,
    )
  }
  if (values.DEVICEBATCH_DASHBOARD_TOKEN !== undefined) {
    problems.push(
      `Set DEVICEBATCH_DASHBOARD_TOKEN or ${given}, not both: people sign in with the token or at the provider.`,
    )
  }
  return problems
}

/** The provider, if there is one. `openIdProblems` has found nothing. */
export function openIdOf(values: Values): OpenIdSettings | undefined {
  const {
    DEVICEBATCH_OIDC_ISSUER: issuer,
    DEVICEBATCH_OIDC_CLIENT_ID: clientId,
    DEVICEBATCH_OIDC_CLIENT_SECRET: clientSecret,
    DEVICEBATCH_PUBLIC_URL: publicUrl,
  } = values
  return issuer === undefined
    ? undefined
    : { issuer, clientId: clientId!, clientSecret: clientSecret!, publicUrl: publicUrl! }
}

/**
 * Rejects with an `EnvironmentError` if what responds is not this issuer. One that does not respond is only logged, because
 * uploads can go on without it, and each sign-in tries again.
 */
export async function checkIssuer(settings: OpenIdSettings, log: Log): Promise<void> {
  try {
    await createOpenIdProvider(settings).discover()
  } catch (error) {
    const { kind, message } = describeFailure(error)
    if (kind !== 'unreachable') {
      throw new EnvironmentError(
        `DEVICEBATCH_OIDC_ISSUER ${settings.issuer} is not the issuer of an OpenID provider: ${message}. Copy the "issuer" of its /.well-known/openid-configuration.`,
      )
    }
    log({
      level: 'warn',
      event: 'sign-in service unreachable; nobody can sign in until it responds',
      message,
    })
  }
}
