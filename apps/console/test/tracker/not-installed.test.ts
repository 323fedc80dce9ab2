/** The tracker is a package to install besides the command. */
import { spawnSync } from 'node:child_process'

import { expect, test } from 'vitest'

import { compileCache, customer, deviceFile, main, makeFolder } from '../command.ts'

/** Resolves the tracker's package as where it is not installed. */
const withoutTracker = `data:text/javascript,${encodeURIComponent(`
  import { registerHooks } from 'node:module'
  registerHooks({
    resolve(specifier, context, next) {
      const elsewhere = specifier === '@devicebatch/tracker' ? { parentURL: 'file:///nowhere/main.js' } : {}
      return next(specifier, { ...context, ...elsewhere })
    },
  })
`)}`

test.for([
  ['list', '--directory', '.'],
  ['submit', 'devices.csv', '--customer', customer, '--batch', 'B', '--directory', '.'],
  // Before it connects to anything.
  ['submit', 'devices.csv', '--customer', 'contoso.com', '--batch', 'B', '--directory', '.'],
  ['start', '--directory', '.'],
])('without it, tracker %s says in one line how to install it', async (args) => {
  const folder = await makeFolder()
  await folder.write('devices.csv', deviceFile('A1'))
  await folder.write('database', '')
  const { status, stderr } = spawnSync(
    process.execPath,
    ['--import', withoutTracker, main, 'tracker', ...args],
    {
      cwd: folder.path,
      encoding: 'utf8',
      env: { PATH: process.env.PATH, NODE_COMPILE_CACHE: compileCache, XDG_CONFIG_HOME: folder.path },
    },
  )
  expect({ status, stderr }).toEqual({
    status: 1,
    stderr: expect.stringMatching(
      /^devicebatch: The tracker's commands need the package @devicebatch\/tracker, which is not installed\. Run node \.ci\/setup\.mjs all\n$/,
    ),
  })
})
