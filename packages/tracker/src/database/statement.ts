/** Statements whose text is built once, because workers repeat them: only the parameters change. */
import type { Compilable, CompiledQuery, Kysely, RawBuilder } from 'kysely'
import { sql } from 'kysely'

import type { Tables } from './schema.ts'

/** Refers to a value of a statement by its name. */
type ValueOf<Values> = <Name extends keyof Values>(name: Name) => RawBuilder<Values[Name]>

/** Runs a statement with these values; in a transaction, too. */
export type Statement<Values, Row> = (db: Kysely<Tables>, values: Values) => Promise<Row[]>

/** Stands for a value in the parameters of a compiled statement. */
class Placeholder {
  readonly name: PropertyKey

  constructor(name: PropertyKey) {
    this.name = name
  }
}

/**
 * Makes a statement.
 *
 * @param build Builds it, once for each database. It takes what changes from `value`; everything else stays as it is.
 */
export function createStatement<Values extends object, Row>(
  build: (db: Kysely<Tables>, value: ValueOf<Values>) => Compilable<Row>,
): Statement<Values, Row> {
  const compiled = new WeakMap<object, CompiledQuery<Row>>()
  return async (db, values) => {
    // The transactions of a database have its plugins, which write its schema into the text.
    const [key] = db.getExecutor().plugins
    const query = compiled.get(key!) ?? build(db, (name) => sql`${new Placeholder(name)}`).compile()
    compiled.set(key!, query)
    const parameters = query.parameters.map((one) =>
      one instanceof Placeholder ? values[one.name as keyof Values] : one,
    )
    const { rows } = await db.executeQuery<Row>({ ...query, parameters })
    return rows
  }
}

/** The same for a statement that is written as SQL. */
export function createSqlStatement<Values extends object, Row>(
  build: (value: ValueOf<Values>) => RawBuilder<Row>,
): Statement<Values, Row> {
  return createStatement((db, value) => {
    const text = build(value)
    return { compile: () => text.compile(db) }
  })
}
