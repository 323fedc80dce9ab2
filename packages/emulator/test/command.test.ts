import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

import { expect, test } from 'vitest'

const command = fileURLToPath(new URL('../src/bin.ts', import.meta.url))

test('the command says where it listens and what is accepted there, and stops on SIGTERM', async () => {
  const child = spawn(process.execPath, [command, '--port', '0', '--no-bom'], {
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

test.for([
  ['--port', 'many'],
  ['--port', '70000'],
  ['--queued-ms', '-1'],
  ['--start-time', 'soon'],
  ['--unknown', '1'],
] as const)('%s %s is refused in words, without a stack trace', async ([option, value]) => {
  const run = promisify(execFile)(process.execPath, [command, `${option}=${value}`])
  await expect(run).rejects.toMatchObject({
    code: 1,
    stdout: '',
    stderr: expect.not.stringMatching(/\n\s+at /),
  })
  await expect(run).rejects.toMatchObject({ stderr: expect.stringMatching(/must be|unknown option/i) })
})
