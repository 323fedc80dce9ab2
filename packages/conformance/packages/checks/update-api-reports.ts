/** `npm run api`: writes the API report of each library from what was built in its `dist`. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { libraries, published } from '../../shared/pack-workspace.ts'
import { root } from '../../shared/run-command.ts'
import { writeApiReport } from './api-report.ts'

for (const name of libraries) {
  const folder = join(root, published[name])
  writeFileSync(join(folder, 'api.md'), writeApiReport(folder))
}
