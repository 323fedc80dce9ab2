/** What does `--help` show besides the list of options? */
import { whereTheIdIs } from '../service/customer-text.ts'

/** The customer in Microsoft's own examples. */
const customer = '47021739-3426-40bf-9601-61b4b6d7c793'

/** Examples of one command; `CUSTOMER` stands for a customer's id. */
export function examplesText(...lines: readonly string[]): string {
  const shown = lines.map((line) => `  ${line.replaceAll('CUSTOMER', customer)}`)
  return ['', lines.length === 1 ? 'Example:' : 'Examples:', ...shown].join('\n')
}

export const exitCodesHelp: string = `
Exit codes:
  0    every row is registered (already registered counts), or the command did
       what it was asked to do
  1    the command failed: no access, no connection, a setting is missing
  2    a row was skipped or failed, or its result is not known; or an argument
       or a file that it names is wrong, and nothing was sent
  3    the batch has not finished
  130  interrupted`

export const programHelp: string = `${examplesText(
  'devicebatch demo',
  'devicebatch login',
  'devicebatch upload devices.csv --customer CUSTOMER --batch "Front desk"',
  'devicebatch devices "Front desk" --customer CUSTOMER --csv --output front-desk.csv',
  'devicebatch status 0127ed8e-ff72-4983-a3d8-e8d8bd378932 --customer CUSTOMER',
)}
${exitCodesHelp}

"devicebatch customers" lists your customers' tenant ids (customer-tenant-id in
Microsoft's documents). In the portal, a customer's is in
  ${whereTheIdIs.replace(' > the customer', '\n    > the customer')}

Microsoft's documents:
  sign-in      https://learn.microsoft.com/partner-center/developer/partner-center-authentication
  addresses    https://learn.microsoft.com/partner-center/developer/partner-center-rest-urls
  headers      https://learn.microsoft.com/partner-center/developer/headers
  error codes  https://learn.microsoft.com/partner-center/developer/error-codes
  status       https://learn.microsoft.com/partner-center/developer/get-the-status-of-a-device-batch-upload`

export const signInHelp: string = `
Sign-in (not needed with --emulator): run "devicebatch login" once, or set these
variables to sign in without a user:
  DEVICEBATCH_TENANT_ID           the tenant id of your own organization
  DEVICEBATCH_CLIENT_ID           the client id of the app registration
  DEVICEBATCH_CLIENT_SECRET       the value of its client secret
  DEVICEBATCH_REFRESH_TOKEN       instead of "login": the first refresh token of
                                  a user who signed in with MFA
  DEVICEBATCH_REFRESH_TOKEN_FILE  where to keep the newest refresh token
                                  (default: the file that "login" writes)
  DEVICEBATCH_CLOUD               global (default), us-government or china;
                                  germany closed in 2021
  DEVICEBATCH_BASE_URL            another base URL of the API, including /v1
  DEVICEBATCH_AUTHORITY_HOST      another sign-in host, instead of
                                  DEVICEBATCH_CLOUD
  DEVICEBATCH_CUSTOMER            the customer to use when --customer is omitted
They can be in a file that --env-file names.`
