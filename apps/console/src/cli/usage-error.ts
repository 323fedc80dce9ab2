/** What does the command say when its arguments are wrong? */
import type { CommanderError } from 'commander'

/** What people type, and the command that they probably mean. */
const meant: Readonly<Record<string, string>> = {
  retry: 'upload FILE --retry, or tracker retry SUBMISSION-ID',
  resume: 'upload',
  continue: 'upload',
  send: 'upload',
  import: 'upload',
  register: 'upload',
  result: 'status',
  results: 'status',
  report: 'status',
  wait: 'watch',
  list: 'batches',
  remove: 'delete',
  profiles: 'policies',
  signin: 'login',
  'sign-in': 'login',
  signout: 'logout',
  'sign-out': 'logout',
}

/** Commander's text, which suggests only commands with similar spelling, plus the command that was probably meant. */
export function explainUsage(text: string): string {
  const choice = /^error: command-argument value ('.*') is invalid for argument '(.*)'\. (.*)/s.exec(text)
  if (choice) return `error: argument <${choice[2]}>: ${choice[1]} is invalid. ${choice[3]}`
  if (text.startsWith('error: too many arguments'))
    return `${text}(Put a name that contains spaces in quotes.)\n`
  const unknown = /^error: unknown command '([^']*)'\n/.exec(text)?.[1]?.toLowerCase() ?? ''
  if (!Object.hasOwn(meant, unknown)) return text
  return text.replace(/\n.*/s, `\n(Did you mean ${meant[unknown]}?)\n`)
}

/** The member `error` of the JSON document when the arguments are wrong. */
export function usageError({ code, message }: CommanderError): { code: 'usage'; message: string } {
  const text =
    code === 'commander.help'
      ? 'The command is missing. --help lists the commands and options.'
      : explainUsage(`${message}\n`)
          .replace(/^error: /, '')
          .trim()
          .replaceAll('\n', ' ')
  return { code: 'usage', message: text }
}
