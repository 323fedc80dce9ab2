/** Reads the variables, and the files that stand for them. What is wrong is collected, so that all of it is reported at once. */
import { readFileSync } from 'node:fs'

import type { Values, Variable, VariableName } from './variables.ts'
import { variables } from './variables.ts'

/** The environment of a process. */
export type Environment = Readonly<Record<string, string | undefined>>

/** What was read: a wrong value is both among the values and a problem. */
export interface ReadVariables {
  values: Values
  /** Each is one line that says what to set. */
  problems: string[]
}

/** Those of our other programs, which may be in the same file. */
const ofOthers = ['CUSTOMER', 'GRAPH_URL', 'TOKEN', 'WEBHOOK_SECRET', 'WEBHOOK_URL'].map(
  (name) => `DEVICEBATCH_${name}`,
)

/** Reads and checks each variable by itself; a blank one counts as not set. */
export function readVariables(environment: Environment): ReadVariables {
  const problems = misspelled(environment)
  const values: Partial<Record<VariableName, string>> = {}
  for (const [name, variable] of Object.entries(variables) as [VariableName, Variable][]) {
    const { value, problem } = readOne(environment, name, variable)
    if (problem !== undefined) problems.push(problem)
    if (value !== undefined) values[name] = value
  }
  return { values, problems }
}

function readOne(
  environment: Environment,
  name: VariableName,
  { isSecret, expected, isGood }: Variable,
): { value?: string | undefined; problem?: string } {
  // Hosting platforms set PORT.
  const given =
    textOf(environment[name]) ?? (name === 'DEVICEBATCH_PORT' ? textOf(environment['PORT']) : undefined)
  const file = isSecret && textOf(environment[`${name}_FILE`])
  if (file && given !== undefined) {
    return { value: given, problem: `Set ${name} or ${name}_FILE, not both.` }
  }
  const { value, problem } = file ? readSecretFile(name, file) : { value: given }
  if (problem !== undefined || value === undefined || isGood === undefined || isGood(value)) {
    return { value, ...(problem !== undefined && { problem }) }
  }
  return { value, problem: `${name} must be ${expected}.` }
}

/** A placeholder stands for a file that cannot be read: the variable is set, so it is not missing. */
function readSecretFile(name: VariableName, file: string): { value?: string; problem?: string } {
  try {
    const value = textOf(readFileSync(file, 'utf8'))
    return value === undefined
      ? {
          value: '',
          problem: `${name}_FILE names a file that is empty: it must contain the value of ${name}.`,
        }
      : { value }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    return {
      value: '',
      problem: `${name}_FILE names a file that cannot be read (${code}): correct the path or the permissions.`,
    }
  }
}

function textOf(value: string | undefined): string | undefined {
  return value?.trim() || undefined
}

function misspelled(environment: Environment): string[] {
  const known = new Set<string>(ofOthers)
  for (const [name, { isSecret }] of Object.entries<Variable>(variables)) {
    known.add(name)
    if (isSecret) known.add(`${name}_FILE`)
  }
  return Object.keys(environment).flatMap((name) =>
    name.startsWith('DEVICEBATCH_') && !known.has(name)
      ? [`${name} is not a setting: compare its spelling with the table in the README, or unset it.`]
      : [],
  )
}
