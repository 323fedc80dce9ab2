/** The same files on Node, Deno and Bun, with the demo that `npm run dashboard` shows. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'

import { expect, onTestFinished, test } from 'vitest'

import { csv, uploadForm } from './helpers.ts'

const main = join(import.meta.dirname, '../src/main.ts')
const bin = (name: string): string => join(import.meta.dirname, '../node_modules/.bin', name)

test.each([
  ['Node', [process.execPath]],
  ['Deno', [bin('deno'), 'run', '-A']],
  ['Bun', [bin('bun')]],
])('on %s the demo shows uploads that end, streams what happens, and reads a file', async (name, command) => {
  const { url, printed, stop } = await start(command, {})
  expect(printed()).toContain('with a demo: nothing is sent to Microsoft')
  const page = async (path: string): Promise<string> => (await fetch(`${url}${path}`)).text()
  expect(await page('/')).toContain('Emulator: nothing here was sent to Microsoft.')
  await expect
    .poll(() => page('/'), { interval: 500 })
    .toMatch(/Front desk[^]*Meeting rooms|Meeting rooms[^]*Front desk/)
  const [, epoch] = /data-position="(e[\da-f]{8})-\d+"/.exec(await page('/'))!
  const events = await fetch(`${url}/events?after=${epoch}-0`)
  const reader = events.body!.pipeThrough(new TextDecoderStream()).getReader()
  expect((await reader.read()).value).toMatch(/^event: change\ndata: "all"\nid: e[\da-f]{8}-\d+/)
  await reader.cancel()

  const body = uploadForm(csv('A1,Contoso,Laptop 3'))
  const checked = await fetch(`${url}/uploads/check`, { method: 'POST', body, headers: { Origin: url } })
  expect(await checked.text()).toContain('Upload 1 device')
  const exitCode = await stop()
  if (name === 'Node') expect(exitCode).toBe(0)
})

test.each([
  ['Node', [process.execPath]],
  ['Deno', [bin('deno'), 'run', '-A']],
  ['Bun', [bin('bun')]],
])(
  'on %s a port that is in use is reported in one line, before a demo or a worker is started',
  async (_, command) => {
    const other = createServer().listen(0, '127.0.0.1')
    onTestFinished(() => void other.close())
    await once(other, 'listening')
    const { port } = other.address() as AddressInfo
    const { printed, ended } = await start(command, { PORT: String(port) }, false)
    expect(await ended).toBe(1)
    expect(printed()).toBe(
      `Port ${port} on 127.0.0.1 is taken. Set DEVICEBATCH_PORT to another port, or to 0 for any free one.\n`,
    )
  },
)

async function start(
  [program, ...args]: readonly string[],
  environment: NodeJS.ProcessEnv,
  waits = true,
): Promise<{
  url: string
  printed: () => string
  ended: Promise<number | null>
  stop: () => Promise<number | null>
}> {
  expect(existsSync(program!), program).toBe(true)
  const child = spawn(program!, [...args, main], {
    env: {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'],
      PORT: '0',
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    // Some of the commands are scripts that start the runtime: both are stopped together, as a process group.
    detached: true,
  })
  const kill = (signal: NodeJS.Signals): void => void process.kill(-child.pid!, signal)
  onTestFinished(() => {
    if (child.exitCode === null && child.signalCode === null) kill('SIGKILL')
  })
  let text = ''
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  const url = new Promise<string>((resolve) => {
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk) => {
        text += String(chunk)
        const [found] = /http:\/\/127\.0\.0\.1:\d+/.exec(text) ?? []
        if (found) resolve(found)
      })
  })
  return {
    url: waits
      ? await Promise.race([
          url,
          ended.then(() => {
            throw new Error(`It ended:\n${text}`)
          }),
        ])
      : '',
    printed: () => text,
    ended,
    async stop() {
      kill('SIGTERM')
      return await ended
    },
  }
}
