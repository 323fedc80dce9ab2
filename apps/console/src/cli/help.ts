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
Microsoft's documents). In the portal, you find a customer's tenant id at
  ${whereTheIdIs.replace(' > the customer', '\n    > the customer')}

Microsoft's documents:
  sign-in      https://learn.microsoft.com/partner-center/developer/partner-center-authentication
  URLs         https://learn.microsoft.com/partner-center/developer/partner-center-rest-urls
  headers      https://learn.microsoft.com/partner-center/developer/headers
  error codes  https://learn.microsoft.com/partner-center/developer/error-codes
  status       https://learn.microsoft.com/partner-center/developer/get-the-status-of-a-device-batch-upload`

export const signInHelp: string = `
Sign-in (not needed with --emulator): set the first three variables, and run
"devicebatch login" once to sign in as a user. Until then, the app signs in as
itself, which the newest documentation no longer allows for creating a batch.
  DEVICEBATCH_TENANT_ID           the tenant id of your own organization
  DEVICEBATCH_CLIENT_ID           the client id of the app registration
  DEVICEBATCH_CLIENT_SECRET       the value of its client secret
  DEVICEBATCH_REFRESH_TOKEN       instead of "devicebatch login", as on a
                                  server: the first refresh token of a user who
                                  signed in with MFA
  DEVICEBATCH_REFRESH_TOKEN_FILE  where to keep the newest refresh token
                                  (default: the file of "devicebatch login")
  DEVICEBATCH_CLOUD               global (default), us-government or china
                                  (Germany's closed in 2021)
  DEVICEBATCH_BASE_URL            the base URL of the API, including /v1,
                                  instead of that of DEVICEBATCH_CLOUD
  DEVICEBATCH_AUTHORITY_HOST      another sign-in host, instead of
                                  DEVICEBATCH_CLOUD
  DEVICEBATCH_CUSTOMER            the customer to use when --customer is omitted
You can also put them in a file, one NAME=value per line, and pass it with
--env-file.`
