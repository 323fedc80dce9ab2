/**
 * `npm run check:contract`: does the OpenAPI document still keep every promise of the last release of @devicebatch/contract? If
 * not, a changeset must say so. Uses npm's configured registry; before the first release there is nothing to compare with.
 */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import type { OpenAPI3 } from 'openapi-typescript'

import { changesetsIn } from '../shared/changesets.ts'
import { root, runCommand } from '../shared/run-command.ts'
import type { Place } from '../shared/run-command.ts'
import { findBreaks } from './contract-breaks.ts'

const name = '@devicebatch/contract'

interface Release {
  version: string
  document: OpenAPI3
}

/** Resolves with a message if all is well; otherwise rejects with one. */
export async function checkContract(folder: string, changesets: string, env: Place['env']): Promise<string> {
  const last = await fetchLast(env)
  if (!last) return `${name} has no release yet: there is nothing to compare with.`
  const breaks = await findBreaks(last.document, await readJson(join(folder, 'openapi.json')))
  if (breaks.length === 0) return `The OpenAPI document keeps what ${name} ${last.version} promised.`
  const found = `Programs written for ${name} ${last.version} break:\n  ${breaks.join('\n  ')}`
  const bump = last.version.startsWith('0.') ? 'minor' : 'major'
  const { version } = await readJson(join(folder, 'package.json'))
  if (isBreakingStep(last.version, version) || (await isPlanned(bump, changesets))) {
    return `${found}\nThe next version says so.`
  }
  throw new Error(
    `${found}\nMend the document, or say so: run \`npx changeset\` and choose "${bump}" for ${name}.`,
  )
}

/** The last release as users have it; `undefined` if there is none. */
async function fetchLast(env: Place['env']): Promise<Release | undefined> {
  const cwd = await mkdtemp(join(tmpdir(), 'devicebatch-contract-'))
  try {
    await runCommand({ cwd, env }, 'npm', 'pack', `${name}@latest`, '--loglevel=error')
    const [tarball] = await readdir(cwd)
    await runCommand(cwd, 'tar', '-xzf', tarball!)
    const { version } = await readJson(join(cwd, 'package/package.json'))
    return { version, document: await readJson(join(cwd, 'package/openapi.json')) }
  } catch (error) {
    if (/\bE404\b/.test((error as Error).message)) return undefined
    throw error
  } finally {
    await rm(cwd, { recursive: true, force: true })
  }
}

/** Whether a caret range of the first version excludes the second. */
function isBreakingStep(from: string, to: string): boolean {
  const [major, minor] = from.split('.').map(Number) as [number, number]
  const [nextMajor, nextMinor] = to.split('.').map(Number) as [number, number]
  return nextMajor > major || (major === 0 && nextMinor > minor)
}

async function isPlanned(bump: 'minor' | 'major', changesets: string): Promise<boolean> {
  const texts = await Promise.all(
    changesetsIn(changesets).map((file) => readFile(join(changesets, file), 'utf8')),
  )
  const says = new RegExp(`^['"]${name}['"]: (major|${bump})$`, 'm')
  return texts.some((text) => says.test(text))
}

async function readJson(file: string) {
  return JSON.parse(await readFile(file, 'utf8'))
}

if (import.meta.main) {
  try {
    console.log(await checkContract(join(root, 'packages/contract'), join(root, '.changeset'), {}))
  } catch (error) {
    console.error((error as Error).message)
    process.exitCode = 1
  }
}
