/** Which tests are closest to a change? */
import { posix } from 'node:path'

/** A package, by its folder, and what vitest is given there. */
export interface ChosenTests {
  folder: string
  args: string[]
}

/**
 * Packages in which nearly every test goes through the whole program, so that its imports lead to everything. Each runs its tests
 * once, not again with an unkind emulator or on the second database, and its slow tests only for the sources that they are about.
 */
const wholePrograms: Readonly<
  Record<string, { project: string; slow: Readonly<Record<string, readonly string[]>> }>
> = {
  'apps/console': { project: '!unkind', slow: {} },
  'apps/dashboard': {
    project: 'suite',
    // They start browsers, processes or embedded databases.
    slow: {
      attacks: ['src/http/'],
      browser: [],
      command: ['src/command.ts'],
      'database-rights': [],
      'every-page': [],
      large: [],
      'large-file': ['src/read-file.ts'],
      network: [],
      partner: ['src/environment/partner.ts'],
      proxy: [],
      runtimes: [],
      settings: ['src/environment/'],
      'sign-in-browser': [],
    },
  },
  'packages/tracker': { project: 'postgresql', slow: {} },
}

/** Packages whose tests read what they test as files, or compile it: no import leads to it. All of their tests run. */
const withoutImports = ['spec', 'packages/contract']

/**
 * @param changed Paths of changed files, from the root.
 * @param packages The folders of all packages.
 * @param tests Paths of all test files, from the root.
 */
export function chooseTests(
  changed: readonly string[],
  packages: readonly string[],
  tests: readonly string[],
): ChosenTests[] {
  return packages.flatMap((folder) => {
    const inside = filesIn(folder, changed)
    if (inside.length === 0) return []
    if (withoutImports.includes(folder))
      return inside.every((file) => file.endsWith('.md')) ? [] : [{ folder, args: [] }]
    const program = wholePrograms[folder]
    if (!program) return [{ folder, args: ['--changed=main'] }]
    const all = filesIn(folder, tests)
    const args = all.filter((test) => {
      const sources = program.slow[posix.basename(test, '.test.ts')]
      return inside.some((file) =>
        sources === undefined || file === test
          ? isClose(test, file, all)
          : sources.some((source) => file.startsWith(source)),
      )
    })
    return args.length === 0 ? [] : [{ folder, args: ['--project', program.project, ...args] }]
  })
}

/** Paths, from the root, of the tests that only some sources run. */
export function slowTests(): string[] {
  return Object.entries(wholePrograms).flatMap(([folder, { slow }]) =>
    Object.keys(slow).map((name) => `${folder}/test/${name}.test.ts`),
  )
}

function filesIn(folder: string, files: readonly string[]): string[] {
  return files.filter((file) => file.startsWith(`${folder}/`)).map((file) => file.slice(folder.length + 1))
}

/** A source's tests are in the folder of the same name, and beside the folders of tests; without such a folder, all are close. */
function isClose(test: string, file: string, all: readonly string[]): boolean {
  if (all.includes(file)) return test === file
  const [first, area] = file.split('/')
  if (first !== 'src' && first !== 'test') return first === 'public' || file === 'vitest.config.ts'
  const folder = `test/${area}/`
  if (!all.some((one) => one.startsWith(folder))) return true
  return test.startsWith(folder) || posix.dirname(test) === 'test'
}
