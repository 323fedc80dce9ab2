/** What do Microsoft Entra's refusals mean, and what mends them? */

/** What to do about an AADSTS code, by its number. Source: Microsoft Entra authentication and authorization error codes. */
const remedies: Readonly<Record<string, string>> = {
  '50034': 'The user account does not exist in this tenant: check `tenantId` and who signed in.',
  '50057': 'The user account is disabled: sign in with another account that has a partner role.',
  '50076':
    'The sign-in had no MFA: sign in again with multifactor authentication and use the refresh token of that sign-in.',
  '50079':
    'The user must set up MFA first: sign in interactively, then use the refresh token of that sign-in.',
  '50173': 'The refresh token was revoked, as by a changed password: sign in again.',
  '53003': 'A Conditional Access policy blocks this sign-in: sign in again in a way that the policy allows.',
  '65001': 'No consent was given: let an administrator consent to the app for Partner Center.',
  '70000': 'The refresh token was refused: sign in again with this app.',
  '70008': 'The refresh token expired: sign in again.',
  '90002': 'There is no such tenant: check `tenantId` and `cloud`.',
  '500011': 'Partner Center is not known in this tenant: check `scopes` and `cloud`.',
  '700016': 'There is no such app in this tenant: check `clientId` and `tenantId`.',
  '700082': 'The refresh token expired because it was not used for too long: sign in again.',
  '7000215': 'The client secret is wrong: use the value of the secret, not its id.',
  '7000222': 'The client secret expired: make a new one in the app registration.',
}

/** The advice for a refusal of the token endpoint, by the AADSTS code in it, else by its OAuth error (RFC 6749, section 5.2). */
export function entraRemedy(error: string, aadsts: string | undefined): string {
  return (
    (aadsts && remedies[aadsts]) ??
    (Object.hasOwn(oauthRemedies, error)
      ? oauthRemedies[error]!
      : 'Check tenant, client id, secret and consent.')
  )
}

const oauthRemedies: Readonly<Record<string, string>> = {
  invalid_client: 'Check `clientId` and `clientSecret`.',
  invalid_grant: 'Sign in again to get a new refresh token.',
  invalid_scope: 'Check `scopes` and `cloud`.',
  unauthorized_client: 'Check that the app registration allows this kind of sign-in.',
}

/** The AADSTS number that a token endpoint names, as a list or in the text. */
export function aadstsCode(body: { error_codes?: unknown; error_description?: unknown }): string | undefined {
  const listed: unknown = Array.isArray(body.error_codes) ? body.error_codes[0] : undefined
  return typeof listed === 'number' ? String(listed) : /AADSTS(\d+)/.exec(String(body.error_description))?.[1]
}
