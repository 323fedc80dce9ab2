/** `npm run tarballs`: builds the packages as npm publishes them into the folder `tarballs`, for use before a release. */
import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'

import { packWorkspace } from '../shared/pack-workspace.ts'
import { root } from '../shared/run-command.ts'

const target = join(root, 'tarballs')
const directory = await mkdtemp(join(tmpdir(), 'devicebatch-tarballs-'))
try {
  const { tarballs } = await packWorkspace(directory)
  await rm(target, { recursive: true, force: true })
  await mkdir(target)
  for (const tarball of Object.values(tarballs)) await cp(tarball, join(target, basename(tarball)))
  console.log('Install them with: npm install ./tarballs/*.tgz')
} finally {
  await rm(directory, { recursive: true, force: true })
}
