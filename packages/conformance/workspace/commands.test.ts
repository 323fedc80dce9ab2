/** Every command that our programs and documents mention works. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

import { describe, expect, onTestFinished, test } from 'vitest'

import { root, runCommand } from '../shared/run-command.ts'
import { makeFolder } from '../shared/temporary-folder.ts'
import type { WrittenCommand } from './commands.ts'
import { writtenCommands } from './commands.ts'

/** The members of commander's commands that are used here. */
interface Command {
  name: () => string
  commands: readonly Command[]
  options: readonly { long?: string | null }[]
}

// Imported by URL: the app is type-checked with its own settings, not with ours.
const { createProgram } = (await import(
  pathToFileURL(join(root, 'apps/console/src/cli/program.ts')).href
)) as { createProgram: (version: string, options: object) => Command }

const consoleFile = join(root, 'apps/console/src/main.ts')
const dashboardFile = join(root, 'apps/dashboard/src/main.ts')
const emulatorFile = join(root, 'packages/emulator/src/bin.ts')

/** Looks like one of our commands, but is the purpose of a key. */
const noCommand = 'devicebatch dashboard session'

/** Describes what is wrong with the arguments of a console command; empty if nothing is. */
function faultsOf(words: readonly string[]): string[] {
  let command: Command = createProgram('0', { args: [] })
  let rest = words
  while (command.commands.length > 0 && /^[a-z-]+$/.test(rest[0] ?? '') && !rest[0]!.startsWith('-')) {
    const next = command.commands.find((one) => one.name() === rest[0])
    if (!next) return [`"${command.name()}" has no command "${rest[0]}"`]
    command = next
    rest = rest.slice(1)
  }
  const known = new Set(['--help', ...command.options.map(({ long }) => long)])
  return optionsIn(rest)
    .filter((option) => !known.has(option))
    .map((option) => `"${command.name()}" has no option "${option}"`)
}

function optionsIn(words: readonly string[]): string[] {
  return words.flatMap((word) => /^--[a-z][a-z-]*/.exec(word) ?? [])
}

function shown({ where, words }: WrittenCommand): string {
  return `${where}: ${words.join(' ')}`
}

describe('the console app', () => {
  const commands = [
    ...writtenCommands(root, '(?:npx )?devicebatch'),
    ...writtenCommands(root, String.raw`\$\{commandName\}`),
  ].filter(({ words }) => !words.join(' ').startsWith(noCommand))

  test('has every command and option that is mentioned anywhere', () => {
    expect(commands.length).toBeGreaterThan(50)
    const faults = commands.map((command) => ({
      command: shown(command),
      faults: faultsOf(command.words.slice(command.words[0] === 'npx' ? 2 : 1)),
    }))
    expect(faults.filter((one) => one.faults.length > 0)).toEqual([])
  })

  test.each([
    ['a command', 'submit devices.csv', '"devicebatch" has no command "submit"'],
    ['a command of a group', 'policies remove "Skip all"', '"policies" has no command "remove"'],
    ['an option', 'upload devices.csv --tenant 1', '"upload" has no option "--tenant"'],
  ])('%s that it does not have is found', (_, text, fault) => {
    expect(faultsOf(text.split(' '))).toEqual([fault])
  })
})

test('the dashboard has every option and command that is mentioned anywhere', async () => {
  const help = await runCommand(root, process.execPath, dashboardFile, '--help')
  const mentioned = writtenCommands(root, '(?:npx )?devicebatch-dashboard')
  expect(mentioned.length).toBeGreaterThan(2)
  const unknown = mentioned.filter(({ words }) => {
    const rest = words.slice(words[0] === 'npx' ? 2 : 1)
    const [command = ''] = rest.filter((word) => /^[a-z][a-z-]*$/.test(word))
    return [...optionsIn(rest), command].some((word) => !help.includes(word))
  })
  expect(unknown.map(shown)).toEqual([])
})

describe('the emulator', () => {
  const commands = writtenCommands(root, '(?:npx (?:-p \\S+ )?)?devicebatch-emulator')

  test('is fetched from its own package, never from a package named like the command', () => {
    const fetched = commands.filter(({ words }) => words[0] === 'npx')
    expect(fetched.length).toBeGreaterThan(3)
    for (const command of fetched) {
      expect(shown(command)).toContain('npx -p @devicebatch/emulator devicebatch-emulator')
    }
  })

  test('has every option that is mentioned anywhere', async () => {
    const help = await runCommand(root, process.execPath, emulatorFile, '--help')
    const options = commands.flatMap(({ words }) => optionsIn(words))
    expect(options.filter((option) => !help.includes(option))).toEqual([])
  })

  test('prints a command that uploads a file to it', async () => {
    const folder = await makeFolder()
    const emulator = spawn(
      process.execPath,
      [emulatorFile, '--port', '0', '--queued-ms', '0', '--processing-ms', '0'],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    )
    onTestFinished(async () => {
      const ended = once(emulator, 'close')
      emulator.kill()
      await ended
    })
    const [banner] = (await once(emulator.stdout.setEncoding('utf8'), 'data')) as [string]
    const printed = /^Upload a file: +devicebatch (.*)$/m.exec(banner)?.[1]
    await writeFile(
      join(folder, 'devices.csv'),
      'Device Serial Number,Windows Product ID,Hardware Hash,Manufacturer name,Device model\n5CG1,,,HP,EliteBook\n',
    )
    const output = await runCommand(folder, 'sh', '-c', `"${process.execPath}" "${consoleFile}" ${printed}`)
    expect(output).toContain('EMULATOR')
    expect(output).toMatch(/1 device/)
  })
})

test('every npm script that is mentioned anywhere exists in the root', async () => {
  const { scripts } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>
  }
  const commands = writtenCommands(root, 'npm run|npm start|npm test')
  expect(commands.length).toBeGreaterThan(50)
  const named = commands.map((command) => ({
    command: shown(command),
    script:
      command.words[1] === 'run'
        ? command.words.find((word, at) => at > 1 && !word.startsWith('-'))
        : command.words[1],
  }))
  expect(named.filter(({ script }) => script === undefined || scripts[script] === undefined)).toEqual([])
})
