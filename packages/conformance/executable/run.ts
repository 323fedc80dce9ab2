/** `npm run executable`: builds the command as one file for this system into the folder `executable`, with its SHA-256. */
import { createHash } from 'node:crypto'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { root } from '../shared/run-command.ts'
import { buildExecutable } from './build.ts'

const folder = join(root, 'executable')
const name = `devicebatch-${process.platform}-${process.arch}${process.platform === 'win32' ? '.exe' : ''}`
const target = join(folder, name)

await rm(folder, { recursive: true, force: true })
await mkdir(folder)
await buildExecutable(target)
const content = await readFile(target)
const digest = createHash('sha256').update(content).digest('hex')
// As sha256sum reads it.
await writeFile(`${target}.sha256`, `${digest}  ${name}\n`)
console.log(`executable/${name}: ${Math.round(content.length / 1e6)} MB, SHA-256 ${digest}`)
