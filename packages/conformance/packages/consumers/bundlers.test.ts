/** The installed packages, bundled for Workers and for pages, and run where those bundles run. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir, readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

import { chromium as playwright } from 'playwright'
import { describe, expect, onTestFinished, test } from 'vitest'

import { chromium, isThere, runtimeNamed } from '../../runtimes/runtimes.ts'
import { runForOutput } from '../../shared/run-command.ts'
import { makeProject, startEmulator, tools, uploaded } from './consumer.ts'

const workerd = runtimeNamed('workerd')

describe('a Worker', () => {
  test.skipIf(!isThere(workerd))("built by wrangler runs on workerd without Node's modules", async () => {
    const { baseUrl, token } = await startEmulator()
    const project = await makeProject()
    const wrangler = join(tools, 'wrangler/bin/wrangler.js')
    const { stderr } = await runForOutput(
      project,
      process.execPath,
      wrangler,
      'deploy',
      '--dry-run',
      '--outdir=bundled',
    )
    expect(stderr).toBe('')
    const origin = await serveWorker(project)
    const answer = await fetch(`${origin}/?${new URLSearchParams({ baseUrl, token })}`)
    expect(await answer.json()).toEqual(uploaded)
  })
})

describe('a page', () => {
  test('built by Vite contains nothing from Node', async () => {
    const { warnings, script } = await buildPage(await makeProject())
    expect(warnings).toBe('')
    expect(script).not.toMatch(/node:|__vite-browser-external|process\.env/)
  })

  test.skipIf(!isThere(runtimeNamed('chromium')))('built by Vite runs in Chromium', async () => {
    const { baseUrl, token } = await startEmulator()
    const project = await makeProject()
    const { page, script } = await buildPage(project)
    const origin = await servePage(page, script)
    const launched = await playwright.launch({ executablePath: chromium, args: ['--no-sandbox'] })
    onTestFinished(() => launched.close())
    const opened = await launched.newPage()
    await opened.goto(`${origin}/?${new URLSearchParams({ baseUrl, token })}`)
    const result = opened.locator('body:not(:empty)')
    expect(JSON.parse(await result.innerText())).toEqual(uploaded)
  })
})

/** Starts workerd with the bundled Worker; resolves with its origin. */
async function serveWorker(project: string): Promise<string> {
  const server = spawn(workerd.executable, ['serve', 'workerd.capnp', '--control-fd=1'], {
    cwd: project,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  onTestFinished(async () => {
    const closed = once(server, 'close')
    server.kill()
    await closed
  })
  const [line] = await once(createInterface(server.stdout), 'line')
  return `http://127.0.0.1:${JSON.parse(line).port}`
}

async function buildPage(project: string): Promise<{ warnings: string; page: string; script: string }> {
  const vite = join(tools, 'vite/bin/vite.js')
  const { stderr } = await runForOutput(project, process.execPath, vite, 'build', '--logLevel', 'warn')
  const assets = join(project, 'dist/assets')
  const [script] = await readdir(assets)
  return {
    warnings: stderr,
    page: await readFile(join(project, 'dist/index.html'), 'utf8'),
    script: await readFile(join(assets, script!), 'utf8'),
  }
}

async function servePage(page: string, script: string): Promise<string> {
  const server = createServer((request, response) => {
    const isScript = request.url!.endsWith('.js')
    response
      .setHeader('content-type', isScript ? 'text/javascript' : 'text/html')
      .end(isScript ? script : page)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}
