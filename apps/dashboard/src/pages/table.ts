/** A table that is shown as cards on a phone. Roles are explicit, because the phone's style sheet removes the implicit ones. */
import { html } from 'hono/html'

import type { Html } from './layout.ts'

/** A column. The one of the kind `name` or `line` names the row; on a phone, all except `name`, `result` and `text` show their title next to the value. */
export interface Column<Row> {
  title: string
  kind?: 'result' | 'name' | 'line' | 'text'
  cell: (row: Row) => Html | string
}

/** Its columns in the order of a card: the result first. */
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
