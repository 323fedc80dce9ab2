/** A table that is read as cards on a phone. The roles are said again, because a phone's style sheet takes them away. */
import { html } from 'hono/html'

import type { Html } from './layout.ts'

/** A column. A row is named by the one of the kind `name` or `line`; on a phone, all but `name`, `result` and `text` have their title beside them. */
export interface Column<Row> {
  title: string
  kind?: 'result' | 'name' | 'line' | 'text'
  cell: (row: Row) => Html | string
}

/** Its columns in the order in which a card is read: the result first. */
export function table<Row>(labelledBy: string, columns: readonly Column<Row>[], rows: readonly Row[]): Html {
  return html`<table class="rows" role="table" aria-labelledby="${labelledBy}">
    <thead role="rowgroup">
      <tr role="row">
        ${columns.map(
          ({ title, kind = '' }) => html`<th scope="col" role="columnheader" class="${kind}">${title}</th>`,
        )}
      </tr>
    </thead>
    <tbody role="rowgroup">
      ${rows.map(
        (row) =>
          html`<tr role="row">
            ${columns.map(({ title, kind = '', cell }) =>
              kind === 'name' || kind === 'line'
                ? html`<th scope="row" role="rowheader" class="${kind}" data-title="${title}">
                    ${cell(row)}
                  </th>`
                : html`<td role="cell" class="${kind}" data-title="${title}">${cell(row)}</td>`,
            )}
          </tr>`,
      )}
    </tbody>
  </table>`
}
