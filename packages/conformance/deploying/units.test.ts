/** The systemd units of the dashboard and the worker, judged by systemd itself. */
import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  cpSync,
  existsSync,
  globSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { describe, expect, onTestFinished, test } from 'vitest'

import { root } from '../shared/run-command.ts'

const units = join(root, 'apps/dashboard/deploy/systemd')
const systemdAnalyze = '/usr/bin/systemd-analyze'

test.runIf(process.env.EVERY_RUNTIME)('systemd is there', () => {
  expect(existsSync(systemdAnalyze), `${systemdAnalyze}, from Debian's package systemd`).toBe(true)
})

/** The units in a folder of their own, with programs that exist. */
function install(): string {
  const folder = mkdtempSync(join(tmpdir(), 'devicebatch-units-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  cpSync(units, folder, { recursive: true })
  const program = join(folder, 'devicebatch-dashboard')
  writeFileSync(program, '')
  chmodSync(program, 0o755)
  for (const file of globSync('*.service', { cwd: folder }))
    rewrite(join(folder, file), '/opt/devicebatch/node_modules/.bin', folder)
  return folder
}

function rewrite(file: string, from: string, to: string): void {
  const text = readFileSync(file, 'utf8')
  expect(text).toContain(from)
  writeFileSync(file, text.replaceAll(from, to))
}

function analyze(folder: string, ...args: string[]): { status: number | null; output: string } {
  // The colon adds the units of the system.
  const env = { ...process.env, SYSTEMD_UNIT_PATH: `${folder}:`, SYSTEMD_PAGER: '', LC_ALL: 'C.UTF-8' }
  const { status, stdout, stderr } = spawnSync(systemdAnalyze, args, { env, encoding: 'utf8' })
  return { status, output: stdout + stderr }
}

const services = globSync('*.service', { cwd: units })

describe.runIf(existsSync(systemdAnalyze))('systemd', () => {
  test('accepts both units and what hardens them', () => {
    expect(services.toSorted()).toEqual(['devicebatch-dashboard.service', 'devicebatch-worker.service'])
    const folder = install()
    const verified = analyze(folder, 'verify', ...services.map((name) => join(folder, name)))
    expect(verified).toEqual({ status: 0, output: '' })
    rewrite(join(folder, 'devicebatch-.service.d/hardening.conf'), 'ProtectHome', 'ProtectHouse')
    expect(analyze(folder, 'verify', join(folder, services[0]!)).output).toContain('ProtectHouse')
  })

  // systemd's score: 0 is locked, 10 is open; without the hardening it is 9.2.
  test.each(services)('finds little that %s could do besides its work', (service) => {
    const folder = install()
    const judge = (threshold: number) =>
      analyze(folder, 'security', '--offline=true', `--threshold=${threshold}`, join(folder, service))
    const { status, output } = judge(15)
    expect(output).toMatch(/Overall exposure level .* 1\.\d/)
    expect(status).toBe(0)
    rmSync(join(folder, 'devicebatch-.service.d'), { recursive: true })
    expect(judge(15).status).not.toBe(0)
  })
})
