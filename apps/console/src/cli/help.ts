/** What does `--help` show besides the list of options? */
import wrapAnsi from 'wrap-ansi'

import { whereTheIdIs } from '../service/customer-text.ts'

/** The customer in Microsoft's own examples. */
const customer = '47021739-3426-40bf-9601-61b4b6d7c793'

/** Examples of one command; `CUSTOMER` stands for a customer's ID. */
export function examplesText(...lines: readonly string[]): string {
  const shown = lines.map((line) => `  ${line.replaceAll('CUSTOMER', customer)}`)
  return ['', lines.length === 1 ? 'Example:' : 'Examples:', ...shown].join('\n')
}

/** What an exit code means, where it means more than for every command. */
export type ExitCodeMeanings = Partial<Record<0 | 1 | 2 | 3, string>>

/** Of the commands that report on the rows of a file, or on the devices of an upload. */
export const rowExitCodes: ExitCodeMeanings = {
  0: 'every row is registered (already registered counts)',
  2: 'a row was skipped or failed, or its result is unknown',
  3: 'the batch has not finished',
}

/** The list of the exit codes of a command. */
export function exitCodesHelp(meanings: ExitCodeMeanings): string {
  const {
    0: done = 'the command did what it was asked to do',
    1: failed,
    2: incomplete,
    3: pending,
  } = meanings
  const wrong = 'an argument or a file is wrong, and nothing was sent'
  return [
    '',
    'Exit codes:',
    exitCodeLine(0, done),
    exitCodeLine(1, failed ?? 'the command failed: no access, no connection, a setting is missing'),
    exitCodeLine(2, incomplete === undefined ? wrong : `${incomplete}; or ${wrong}`),
    ...(pending === undefined ? [] : [exitCodeLine(3, pending)]),
    exitCodeLine(130, 'interrupted'),
  ].join('\n')
}

function exitCodeLine(code: number, meaning: string): string {
  const [first, ...others] = wrapAnsi(meaning, 73).split('\n')
  return [`  ${String(code).padEnd(5)}${first}`, ...others.map((line) => `       ${line}`)].join('\n')
}

export const programHelp: string = `${examplesText(
  'devicebatch demo',
  'devicebatch login',
  'devicebatch upload devices.csv --customer CUSTOMER --batch "Front desk"',
  'devicebatch devices "Front desk" --customer CUSTOMER --csv --output front-desk.csv',
  'devicebatch status 0127ed8e-ff72-4983-a3d8-e8d8bd378932 --customer CUSTOMER',
)}
${exitCodesHelp({ ...rowExitCodes, 0: `${rowExitCodes[0]}, or the command did what it was asked to do` })}

"devicebatch customers" lists your customers' tenant IDs (customer-tenant-id in
Microsoft's documents). In the portal, you find a customer's tenant ID at
  ${whereTheIdIs.replace(' > the customer', '\n    > the customer')}

Microsoft's documents:
  sign-in      https://learn.microsoft.com/partner-center/developer/partner-center-authentication
  URLs         https://learn.microsoft.com/partner-center/developer/partner-center-rest-urls
  headers      https://learn.microsoft.com/partner-center/developer/headers
  error codes  https://learn.microsoft.com/partner-center/developer/error-codes
  status       https://learn.microsoft.com/partner-center/developer/get-the-status-of-a-device-batch-upload`

export const fileHelp: string = `
The file needs a line of column names, in any order:
  Device Serial Number, Windows Product ID, Hardware Hash,
  Manufacturer name, Device model
or their other names and translations; the other columns are not sent. A row
needs a hardware hash, or a product ID, or a serial number with manufacturer and
model. A file of Get-WindowsAutopilotInfo can be uploaded as is.`

const appVariables = `  DEVICEBATCH_TENANT_ID           the tenant ID of your own organization
  DEVICEBATCH_CLIENT_ID           the client ID of the app registration
  DEVICEBATCH_CLIENT_SECRET       the value of its client secret`

const cloudVariable = `  DEVICEBATCH_CLOUD               global (default), us-government or china`

const hostVariable = `  DEVICEBATCH_AUTHORITY_HOST      another sign-in host, instead of
                                  DEVICEBATCH_CLOUD`

const inFile = `You can also put them in a file, one NAME=value per line, and pass it with
--env-file.`

export const signInHelp: string = `
Sign-in (not needed with --emulator): set the first three variables, and run
"devicebatch login" once to sign in as a user. Until then, the app signs in as
itself, which the newest documentation no longer allows for creating a batch.
${appVariables}
  DEVICEBATCH_REFRESH_TOKEN       instead of "devicebatch login", as on a
                                  server: the first refresh token of a user who
                                  signed in with MFA
  DEVICEBATCH_REFRESH_TOKEN_FILE  where to keep the newest refresh token
                                  (default: the file of "devicebatch login")
${cloudVariable}
  DEVICEBATCH_BASE_URL            the base URL of the API, including /v1,
                                  instead of that of DEVICEBATCH_CLOUD
${hostVariable}
  DEVICEBATCH_CUSTOMER            the customer to use when --customer is omitted
${inFile}`

/** For "devicebatch login". */
export const loginHelp: string = `
The app registration needs the redirect URI http://localhost (platform: Web).
Set the first three variables before you sign in:
${appVariables}
  DEVICEBATCH_REFRESH_TOKEN_FILE  where to save the refresh token (default: a
                                  file in your configuration folder)
${cloudVariable}
${hostVariable}
${inFile}`

/** For "devicebatch logout". */
export const logoutHelp: string = `
Set one of these variables:
  DEVICEBATCH_CLIENT_ID           the client ID of the app registration
  DEVICEBATCH_REFRESH_TOKEN_FILE  the file with the refresh token (default: the
                                  file of "devicebatch login" for the client ID)`
