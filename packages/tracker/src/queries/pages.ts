/** Reads the rows of an ordered query page by page, so that memory use stays constant. */
import type { Expression, SqlBool } from 'kysely'

interface Query<Row> {
  where(condition: Expression<SqlBool>): Query<Row>
  limit(rows: number): Query<Row>
  execute(): Promise<Row[]>
}

/** The first page is small, because most callers read only a few rows; later pages are large. */
const [firstPageSize, largestPageSize] = [60, 500]

/** The rows of an ordered query; each page starts after the last row of the previous one. */
export async function* pages<Row>(
  ordered: Query<Row>,
  behind: (last: Row) => Expression<SqlBool>,
): AsyncGenerator<Row, void, undefined> {
  let page = ordered
  for (let size = firstPageSize; ; size = largestPageSize) {
    const rows = await page.limit(size).execute()
    yield* rows
    const last = rows.at(-1)
    if (!last || rows.length < size) return
    page = ordered.where(behind(last))
  }
}
