/** The schema of a tracker: statements are written for `devicebatch`, and run in the schema of the option. */
import { InvalidArgumentError } from '@devicebatch/client'
import { show } from '@devicebatch/edge/internal'
import type { KyselyPlugin, RawNode } from 'kysely'
import { OperationNodeTransformer } from 'kysely'

/** The name in our own statements, and the default. */
export const defaultSchema = 'devicebatch'

/** Checks the option; throws `InvalidArgumentError`. */
export function checkSchema(schema: string = defaultSchema): string {
  // pg-boss allows 50 characters, and its schema is named after ours.
  if (typeof schema === 'string' && /^[a-z_][a-z\d_]{0,39}$/.test(schema)) return schema
  throw new InvalidArgumentError(
    `\`schema\` must be a name of at most 40 lower-case letters, digits and \`_\`, such as 'devicebatch_contoso'; got ${show(schema)}.`,
  )
}

/** The schema of pg-boss. */
export function jobSchemaOf(schema: string): string {
  return `${schema}_jobs`
}

/** Inserts the schema into SQL that is written as text; in all other SQL, `withSchema` does. */
export function rawSchema(schema: string): KyselyPlugin {
  const transformer = new RawSchema(schema)
  return {
    transformQuery: ({ node, queryId }) => transformer.transformNode(node, queryId),
    transformResult: async ({ result }) => result,
  }
}

class RawSchema extends OperationNodeTransformer {
  readonly #schema: string

  constructor(schema: string) {
    super()
    this.#schema = schema
  }

  protected override transformRaw(...args: Parameters<OperationNodeTransformer['transformRaw']>): RawNode {
    const node = super.transformRaw(...args)
    const sqlFragments = node.sqlFragments.map((text) =>
      text.replaceAll(`${defaultSchema}.`, `${this.#schema}.`),
    )
    return { ...node, sqlFragments }
  }
}
