/** What does a Microsoft Entra error mean, and what fixes it? The one table behind error messages and `explainError`. */

/** The kinds of sign-in failures. */
export type SignInReason =
  | 'mfa-required'
  | 'sign-in-blocked'
  | 'sign-in-expired'
  | 'secret-refused'
  | 'consent-missing'
  | 'account-refused'
  | 'app-refused'
  | 'wrong-cloud'
  | 'throttled'
  | 'service-unavailable'

/** The cause of a failed sign-in and its remedy. */
export interface EntraProblem {
  reason: SignInReason
  cause: string
  remedy: string
}

const signInWithMfa = 'Sign in interactively with MFA, and use the refresh token from that sign-in.'
const signInAgain = 'Sign in again, and store each new refresh token.'

/**
 * By AADSTS number or OAuth error (RFC 6749, section 5.2; OpenID Connect Core, section 3.1.2.6), most specific first.
 * Source: Microsoft Entra documentation, "Microsoft Entra authentication and authorization error codes".
 */
export const entraProblems: readonly (EntraProblem & { codes: string })[] = [
  {
    codes: '50076 50079 50078 50074 50072 50158',
    reason: 'mfa-required',
    cause: 'The user did not sign in with multifactor authentication, or that sign-in is no longer valid.',
    remedy: signInWithMfa,
  },
  {
    codes: '50097 53000 53001 53002 53003 530003',
    reason: 'sign-in-blocked',
    cause: 'A Conditional Access policy blocks this sign-in, for example one that requires a managed device.',
    remedy:
      'Sign in interactively in a way that the policy allows, or ask the administrator of the policy for an exception.',
  },
  {
    codes: '700084',
    reason: 'sign-in-expired',
    cause: 'The refresh token was issued to a single-page app, where it expires after 24 hours.',
    remedy: 'Register a redirect URI of the type Web or Mobile and desktop, then sign in again.',
  },
  {
    codes: '700082 70008 70043 70044 50173 50132 50133 50089 70000',
    reason: 'sign-in-expired',
    cause: 'The refresh token expired, was revoked or belongs to another app.',
    remedy: signInAgain,
  },
  {
    codes: '7000222',
    reason: 'secret-refused',
    cause: 'The client secret expired.',
    remedy: 'Create a new client secret in the app registration.',
  },
  {
    codes: '7000215',
    reason: 'secret-refused',
    cause: 'The client secret is wrong.',
    remedy: 'Use the value of the client secret, not its ID.',
  },
  {
    codes: '7000218',
    reason: 'secret-refused',
    cause: 'The app must send a client secret or a client assertion.',
    remedy: 'Set `clientSecret` or `clientAssertion`.',
  },
  {
    codes: '700025',
    reason: 'secret-refused',
    cause: 'The app registration is a public client, which must not send a client secret.',
    remedy: 'Register a redirect URI of the type Web, or use a confidential client.',
  },
  {
    codes: '700027 700024 7002122',
    reason: 'secret-refused',
    cause: 'The client assertion was rejected: its certificate, audience or lifetime does not match.',
    remedy: "Check the certificate in the app registration, the assertion, and this machine's clock.",
  },
  {
    codes: '650057',
    reason: 'consent-missing',
    cause: 'The app registration does not list the API permission for Partner Center.',
    remedy:
      'Add the API permission for Microsoft Partner Center to the app registration, and grant admin consent.',
  },
  {
    codes: '65001 650052 90094',
    reason: 'consent-missing',
    cause: 'Nobody has consented to the app for Partner Center in this tenant.',
    remedy: 'Have an administrator grant consent to the app.',
  },
  {
    codes: '50105',
    reason: 'account-refused',
    cause: 'The user is not assigned to the app.',
    remedy: 'Assign the user to the app under Enterprise applications.',
  },
  {
    codes: '50057',
    reason: 'account-refused',
    cause: 'The user account is disabled.',
    remedy: 'Sign in with another account that has a partner role.',
  },
  {
    codes: '50034 50020 90072 500341',
    reason: 'account-refused',
    cause: 'The user account does not exist in this tenant.',
    remedy: 'Sign in with an account in the partner tenant, and check `tenantId`.',
  },
  {
    codes: '7000112',
    reason: 'app-refused',
    cause: 'The app is disabled in this tenant.',
    remedy: 'Enable the app under Enterprise applications.',
  },
  {
    codes: '700016',
    reason: 'app-refused',
    cause: 'The app does not exist in this tenant.',
    remedy: 'Check `clientId` and `tenantId`.',
  },
  {
    codes: '90002 900023 500011',
    reason: 'wrong-cloud',
    cause: 'This cloud does not know the tenant, or the tenant does not know Partner Center.',
    remedy: 'Check `tenantId`, `scopes` and `cloud`.',
  },
  {
    codes: '90033 temporarily_unavailable server_error',
    reason: 'service-unavailable',
    cause: 'Microsoft Entra is temporarily unavailable.',
    remedy: 'Try again later.',
  },
  {
    codes: '50196 slow_down',
    reason: 'throttled',
    cause: 'Microsoft Entra received too many requests from this app.',
    remedy: 'Try again later, and reuse tokens.',
  },
  {
    codes: 'interaction_required login_required',
    reason: 'mfa-required',
    cause: 'The user must sign in again interactively.',
    remedy: signInWithMfa,
  },
  {
    codes: 'consent_required',
    reason: 'consent-missing',
    cause: 'The app lacks consent for Partner Center.',
    remedy: 'Have an administrator grant consent to the app.',
  },
  {
    codes: 'invalid_grant',
    reason: 'sign-in-expired',
    cause: 'The refresh token was rejected.',
    remedy: signInAgain,
  },
  {
    codes: 'invalid_client',
    reason: 'secret-refused',
    cause: 'The app could not be authenticated.',
    remedy: 'Check `clientId`, and `clientSecret` or `clientAssertion`.',
  },
  {
    codes: 'unauthorized_client',
    reason: 'app-refused',
    cause: 'The app registration does not allow this sign-in flow.',
    remedy: 'Check which sign-in flows the app registration allows.',
  },
  {
    codes: 'invalid_scope invalid_resource',
    reason: 'wrong-cloud',
    cause: 'The requested scopes are not known in this cloud.',
    remedy: 'Check `scopes` and `cloud`.',
  },
]

/**
 * The table's entry for the first known code in `words`: an AADSTS code anywhere in it, then an OAuth error such as
 * `invalid_grant`. `undefined` when it contains none.
 */
export function findEntraProblem(words: string): EntraProblem | undefined {
  const numbers = [...words.matchAll(/AADSTS(\d+)/g)].map((match) => match[1]!)
  const errors = words.match(/\b[a-z]+(?:_[a-z]+)+\b/g) ?? []
  for (const code of [...numbers, ...errors]) {
    const found = entraProblems.find(({ codes }) => codes.split(' ').includes(code))
    if (found) return found
  }
  return undefined
}

/** The AADSTS code in a token endpoint's response, from its list of numbers or its text. */
export function aadstsCode(body: { error_codes?: unknown; error_description?: unknown }): string | undefined {
  const listed: unknown = Array.isArray(body.error_codes) ? body.error_codes[0] : undefined
  const number = typeof listed === 'number' ? listed : /AADSTS(\d+)/.exec(String(body.error_description))?.[1]
  return number === undefined ? undefined : `AADSTS${number}`
}
