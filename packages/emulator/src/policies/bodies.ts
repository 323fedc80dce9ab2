/** Reads the policies of a request body. */

import { BadRequestError, readArray, readBody, readText } from '../http/json-body.ts'
import type { Properties } from '../http/json-body.ts'
import { policySettings, readCategory, readSetting } from './words.ts'

/** The properties of a policy that the caller chooses. */
export interface PolicyBody {
  name: string
  category: string
  description?: string | undefined
  policySettings: string[]
}

const body = 'The request body'

/** The body of "create a policy". Throws a `BadRequestError` that says which property is wrong. */
export function readNewPolicy(text: string): PolicyBody {
  const properties = readBody(text)
  // The documentation requires a category; the .NET SDK's samples send none, and the service accepted that.
  return readPolicy(properties, readPolicyCategory(properties) ?? 'none')
}

/** The body of "update a policy". Throws a `BadRequestError` that says which property is wrong. */
export function readPolicyUpdate(text: string): PolicyBody & { id: string } {
  const properties = readBody(text)
  const id = readText(properties, 'id', body)
  if (id === undefined) throw new BadRequestError('id is required: the ID of the policy.')
  const category = readPolicyCategory(properties)
  if (category === undefined) throw new BadRequestError('category is required: o_o_b_e or none.')
  return { id, ...readPolicy(properties, category) }
}

function readPolicy(properties: Properties, category: string): PolicyBody {
  const name = readText(properties, 'name', body)
  if (name === undefined) throw new BadRequestError('name is required: a display name for the policy.')
  const description = readText(properties, 'description', body)
  return { name, category, description, policySettings: readSettings(properties) }
}

function readSettings(properties: Properties): string[] {
  const values = readArray(properties, 'policySettings', body)
  if (!values) throw new BadRequestError('policySettings is required: an array of settings.')
  return values.map((value, index) => {
    const setting = readSetting(value)
    if (setting !== undefined) return setting
    throw new BadRequestError(
      `policySettings: element ${index} must be one of ${policySettings.join(', ')}.`,
      900126,
    )
  })
}

function readPolicyCategory(properties: Properties): string | undefined {
  const value = properties.get('category')
  if (value === undefined || value === null) return undefined
  const category = readCategory(value)
  if (category !== undefined) return category
  throw new BadRequestError('category must be o_o_b_e or none.', 900126)
}
