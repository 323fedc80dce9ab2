/** What `--help` says beside the list of options. */

/** The customer of Microsoft's own examples. */
const customer = '47021739-3426-40bf-9601-61b4b6d7c793'

/** Examples of one command; `CUSTOMER` stands for the id of a customer. */
export function examples(...lines: readonly string[]): string {
  const shown = lines.map((line) => `  ${line.replaceAll('CUSTOMER', customer)}`)
  return ['', lines.length === 1 ? 'Example:' : 'Examples:', ...shown].join('\n')
}

export const programHelp: string = `${examples(
  'devicebatch demo',
  'devicebatch login',
  'devicebatch upload devices.csv --customer CUSTOMER --batch "Front desk"',
  'devicebatch devices "Front desk" --customer CUSTOMER --csv > front-desk.csv',
  'devicebatch status 0127ed8e-ff72-4983-a3d8-e8d8bd378932 --customer CUSTOMER',
)}

Exit codes:
  0    every row is registered (one that was registered before counts); what was asked for is done
  1    the job itself failed: bad input, no access, no connection
  2    a row was skipped, failed, or nobody can say what became of it
  3    the batch has not ended
  130  interrupted`

export const signInHelp = `
Sign-in (not needed with --emulator): "devicebatch login" once, or without a user from the environment:
  DEVICEBATCH_TENANT_ID           your own (the partner's) tenant
  DEVICEBATCH_CLIENT_ID           the app registration's client id
  DEVICEBATCH_CLIENT_SECRET       the value of its client secret
  DEVICEBATCH_REFRESH_TOKEN       in place of "login": the first refresh token of a user who signed in with MFA
  DEVICEBATCH_REFRESH_TOKEN_FILE  where the newest refresh token is kept (default: where "login" keeps it)
  DEVICEBATCH_CLOUD               global (default), germany, us-government or china
  DEVICEBATCH_BASE_URL            another address of the API, up to and including /v1
  DEVICEBATCH_AUTHORITY_HOST      another address of the sign-in service; not together with DEVICEBATCH_CLOUD`
