/** Writes docs/errors.md from the data behind `explainError` and `explainDeviceError`: `npm run docs:errors`. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { deviceErrors } from '../../client/src/reports/device-errors.ts'
import { explanations } from '../../client/src/reports/explain.ts'
import { entraProblems } from '../../edge/src/auth/entra-errors.ts'

export const errorsFile = join(import.meta.dirname, '../../../docs/errors.md')

/** The whole document. */
export function errorsDocument(): string {
  return `<!-- Written by \`npm run docs:errors\`; change the data in packages/client/src and packages/edge/src/auth instead. -->

# Errors

Call errors and device errors are different things. A call rejects with an error when it cannot get a result; failed devices are
data in its report.

## Errors of a call

Every error has a \`code\` to switch on, and \`isRetryable\`, \`isAmbiguous\`, \`requestId\` and \`correlationId\`.

| \`code\` | class | what happened |
| --- | --- | --- |
| \`api\` | \`ApiError\` | the service refused the request: \`status\`, \`serviceCode\`, \`description\` |
| \`connection\` | \`ConnectionError\` | no complete response arrived |
| \`timeout\` | \`TimeoutError\`, \`WaitTimeoutError\` | timed out; a batch that you waited for continues at the service |
| \`authentication\` | \`AuthenticationError\` | no access token could be obtained |
| \`response\` | \`ResponseError\` | a redirect, or a successful response that does not match the contract |
| \`invalid-argument\` | \`InvalidArgumentError\` | a value was refused before anything was sent |
| \`database\` | \`DatabaseError\` of \`@devicebatch/tracker\` | the database could not be used: \`reason\` |

\`explainError(error)\` explains the cause and the next step. The first matching row applies:

| \`reason\` | cause | next step |
| --- | --- | --- |
${explanations.map(({ reason, cause, nextStep }) => row(`\`${reason}\``, cause, nextStep)).join('\n')}

## Refused sign-ins

What Microsoft Entra's codes mean, both in the message of an \`AuthenticationError\` and in the result of \`explainError\`. Numbers are AADSTS
codes; the others are OAuth errors, which apply when the number is not listed.

| code | \`reason\` | cause | next step |
| --- | --- | --- | --- |
${entraProblems.map(({ codes, reason, cause, remedy }) => row(codes.replaceAll(' ', ', '), `\`${reason}\``, cause, remedy)).join('\n')}

## Errors of a device

What \`explainDeviceError(code, name)\` returns. "Again" is our judgment of whether the same device, sent again unchanged, can
succeed. A code that is not listed passes through with its name.
For a support request, add a recording: \`recordTo\` makes one in a program, \`--record FILE\` in the command.

| code | name | meaning | what to do | again | evidence |
| --- | --- | --- | --- | --- | --- |
${deviceErrors
  .map(({ code, name, meaning, remedy, isRetryable, evidence }) =>
    row(code ?? 'not published', `\`${name}\``, meaning, remedy, isRetryable ? 'yes' : 'no', evidence),
  )
  .join('\n')}
`
}

function row(...cells: string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
}

if (import.meta.main) writeFileSync(errorsFile, errorsDocument())
