import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

import { expect, test } from 'vitest'

import { requestToken } from './caller.ts'

const command = fileURLToPath(new URL('../src/bin.ts', import.meta.url))

test('the command prints its address and the accepted credentials, and stops on SIGTERM', async () => {
  const child = spawn(process.execPath, [command, '--port', '0', '--quirk', 'bom=false'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let output = ''
  for await (const chunk of child.stdout) {
    output += String(chunk)
    if (output.includes('Ctrl-C')) break
  }
  expect(output).toContain('EMULATOR')
  expect(output).toContain('emulator-secret')
  const [baseUrl = ''] = /http:\/\/127\.0\.0\.1:\d+\/v1/.exec(output) ?? []
  const answer = await fetch(`${baseUrl}/customers`)
  expect(answer.headers.get('X-Devicebatch-Emulator')).toBe('true')
  child.kill('SIGTERM')
  expect(await once(child, 'exit')).toEqual([0, null])
})

test('options of the command reach the emulator', async () => {
  const options = ['--port', '0', '--time-scale', '0', '--start-time', '2030-01-01T00:00:00Z', '--cors']
  const child = spawn(process.execPath, [command, ...options, '--no-refresh-token-has-mfa'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let output = ''
  for await (const chunk of child.stdout) {
    output += String(chunk)
    if (output.includes('Ctrl-C')) break
  }
  const [url = ''] = /http:\/\/127\.0\.0\.1:\d+(?=\/_emulator)/.exec(output) ?? []
  const clock = await fetch(`${url}/_emulator/clock`, { headers: { Origin: 'https://example.com' } })
  expect(await clock.json()).toMatchObject({ time: '2030-01-01T00:00:00.000Z', timeScale: 0 })
  expect(clock.headers.get('Access-Control-Allow-Origin')).toBe('*')
  const refreshed = await requestToken(fetch, { grant_type: 'refresh_token' }, url)
  expect(await refreshed.json()).toMatchObject({ error_codes: [50076] })
  child.kill('SIGTERM')
  await once(child, 'exit')
})

test.for([
  ['--port', 'many'],
  ['--port', '70000'],
  ['--queued-ms', '-1'],
  ['--start-time', 'soon'],
  ['--unknown', '1'],
  ['--profile', 'cruel'],
  ['--seed', 'one'],
  ['--quirk', 'policyCounter=count'],
  ['--quirk', 'policyCounter'],
  ['--quirk', 'missingResults=2'],
  ['--quirk', 'policyCount=both'],
  ['--max-body-bytes', '0'],
] as const)('%s %s is refused in words, without a stack trace', async ([option, value]) => {
  const run = promisify(execFile)(process.execPath, [command, `${option}=${value}`])
  await expect(run).rejects.toMatchObject({
    code: 1,
    stdout: '',
    stderr: expect.not.stringMatching(/\n\s+at /),
  })
  await expect(run).rejects.toMatchObject({
    stderr: expect.stringMatching(/must be|unknown option|allowed choices|is not a quirk/i),
  })
})
