/**
 * Starts every root script: `node .ci/launch.mjs SCOPE PROGRAM ARGUMENTS…` installs what the scope needs, then runs the
 * program, which is a source file (`.ts`) or the command of an installed package.
 *
 * The program runs on a Node that can run the sources. A shell remembers the `node` that it found first, so
 * `setup && node …` would run the second command on the Node of the first.
 */
import { spawn } from 'node:child_process'
import { dirname, join, delimiter } from 'node:path'

import { nodeForSources, root, setUp } from './setup.mjs'

const [scope, program, ...args] = process.argv.slice(2)
if (!program)
  throw new Error('Expected a scope and a program, as in "node .ci/launch.mjs all turbo run build".')
setUp(scope)

const node = nodeForSources()
const path = [join(root, 'node_modules/.bin'), dirname(node), process.env.PATH].join(delimiter)
const isSource = program.endsWith('.ts')
const child = spawn(isSource ? node : program, isSource ? [program, ...args] : args, {
  stdio: 'inherit',
  env: { ...process.env, PATH: path },
  // On Windows, the commands of packages are batch files.
  shell: process.platform === 'win32' && !isSource,
})
child.on('error', (error) => {
  console.error(`"${program}" could not be started: ${error.message}`)
  process.exit(1)
})
// A terminal sends Ctrl-C to the program as well; a supervisor sends its signals only to this process.
process.on('SIGINT', () => {})
process.on('SIGTERM', () => child.kill('SIGTERM'))
process.on('SIGHUP', () => child.kill('SIGHUP'))
child.on('exit', (code, signal) => {
  if (!signal) process.exit(code ?? 1)
  process.removeAllListeners(signal)
  process.kill(process.pid, signal)
})
