/** Which tests are closest to a change? */
import { posix } from 'node:path'

/** A package, by its folder, and what vitest is given there. */
export interface ChosenTests {
  folder: string
  args: string[]
}

/**
 * Packages in which nearly every test goes through the whole program, so that its imports lead to everything. Each runs its tests
 * once, not again with an unkind emulator or on the second database.
 */
const wholePrograms: Readonly<Record<string, { project: string; slow: readonly string[] }>> = {
  'apps/console': { project: 'suite', slow: [] },
  'apps/dashboard': {
    project: 'suite',
    // They start browsers, or the dashboard in processes of its own.
    slow: ['browser', 'every-page', 'large', 'large-file', 'network', 'proxy', 'runtimes'],
  },
  'packages/tracker': { project: 'postgresql', slow: [] },
}

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
    const program = wholePrograms[folder]
    if (!program) return [{ folder, args: ['--changed=main'] }]
    const all = filesIn(folder, tests)
    const isSlow = (test: string): boolean => program.slow.includes(posix.basename(test, '.test.ts'))
    const closest = all.filter((test) => inside.some((file) => isClose(test, file, all)))
    const args = closest.filter((test) => !isSlow(test) || inside.includes(test))
    return args.length === 0 ? [] : [{ folder, args: ['--project', program.project, ...args] }]
  })
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
