/**
 * `npm run test:mutation`: changes a file in every small way that Stryker knows, one at a time, and runs the tests of its
 * package against each change. A change that no test notices has survived; the README next to this file explains each one.
 *
 * Fails if fewer than 90 % of a file's changes are noticed, or a survivor is not explained. File names as arguments
 * (`npm run test:mutation retry.ts`) limit the run to those files.
 */
import { globSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'

import { Stryker } from '@stryker-mutator/core'

type PartialStrykerOptions = ConstructorParameters<typeof Stryker>[0]
type MutantResult = Awaited<ReturnType<Stryker['runMutationTest']>>[number]

interface Target {
  /** The package whose tests are run. */
  directory: string
  /** The files in its `src` to change. */
  files: string[]
  /** Kinds of change to leave out. */
  excludedMutations?: string[]
}

const targets: Target[] = [
  {
    directory: 'packages/edge',
    files: [
      'call/retry.ts',
      'call/retry-after.ts',
      'call/path.ts',
      'call/deadline.ts',
      'call/answer.ts',
      'call/admission.ts',
      'call/rate-limit.ts',
      'auth/token.ts',
      'batch-upload-status.ts',
      'log-events.ts',
      'record/record-to.ts',
      'record/redact-body.ts',
    ],
  },
  // The wording of messages is not part of the contract.
  { directory: 'packages/edge', files: ['errors.ts'], excludedMutations: ['StringLiteral'] },
  {
    directory: 'packages/client',
    files: [
      'waiting/poll.ts',
      'waiting/poll-schedule.ts',
      'waiting/pollable-upload.ts',
      'waiting/wait-steps.ts',
      'waiting/watch-upload.ts',
      'transport/responses.ts',
      'reports/report.ts',
    ],
  },
]
const leastScore = 90

const root = join(import.meta.dirname, '../../..')
const explanations = readFileSync(join(import.meta.dirname, 'README.md'), 'utf8')
const wanted = process.argv.slice(2)

process.chdir(root)
for (const target of targets) {
  const files = target.files.filter((file) => wanted.length === 0 || wanted.includes(basename(file)))
  if (files.length === 0) continue
  // Read before the run, as Stryker reads them.
  const sources = files.map((file) => readFileSync(join(target.directory, 'src', file), 'utf8'))
  const mutants = await new Stryker(strykerOptions(target, files)).runMutationTest()
  files.forEach((file, index) => {
    const path = join(root, target.directory, 'src', file)
    const own = mutants.filter(({ fileName }) => join(fileName) === path)
    if (!report(`${target.directory}/src/${file}`, sources[index]!, own)) process.exitCode = 1
  })
}

function strykerOptions(
  { directory, excludedMutations = [] }: Target,
  files: string[],
): PartialStrykerOptions {
  return {
    mutate: files.map((file) => `${directory}/src/${file}`),
    mutator: { excludedMutations },
    plugins: [import.meta.resolve('@stryker-mutator/vitest-runner')],
    testRunner: 'vitest',
    // Some tests set the time zone of their process, which a thread cannot.
    vitest: { dir: directory, configFile: `${directory}/vitest.config.ts`, related: false, pool: 'forks' },
    // The changed copy is below the root: the tsconfig.json of a package, and that of its tests, are above it.
    tempDirName: '.stryker-tmp',
    cleanTempDir: 'always',
    ignorePatterns: [
      '/*',
      '!/tsconfig.base.json',
      '!/tsconfig.json',
      // The tests use what other packages have for theirs, such as helpers and timeouts,
      '!/packages',
      ...otherTests(directory),
      // and documented responses.
      '!/spec',
      'dist',
      '.results',
    ],
    disableTypeChecks: false,
    concurrency: 2,
    // A timeout counts as noticed, so a slow machine must not be mistaken for a change that loops forever.
    timeoutMS: 30_000,
    reporters: ['progress-append-only'],
    allowConsoleColors: false,
    warnings: false,
  }
}

/** The tests of the other packages. A pattern that brings back those of this one would also bring back its node_modules. */
function otherTests(directory: string): string[] {
  const packages = globSync('packages/*', { cwd: root }).map((path) => path.replaceAll('\\', '/'))
  return packages.filter((path) => path !== directory).map((path) => `/${path}/**/*.test.ts`)
}

/** Prints the score of a file and its survivors; returns whether both are good enough. */
function report(path: string, source: string, mutants: MutantResult[]): boolean {
  const count = (...statuses: MutantResult['status'][]): number =>
    mutants.filter(({ status }) => statuses.includes(status)).length
  const noticed = count('Killed', 'Timeout')
  const survivors = mutants.filter(({ status }) => status === 'Survived' || status === 'NoCoverage')
  const score = (100 * noticed) / (noticed + survivors.length)
  console.log(
    `\n${path}: ${score.toFixed(1)} % of ${noticed + survivors.length} changes noticed, ${count('Timeout')} of them by a timeout`,
  )
  const unexplained = survivors
    .map((survivor) => toDiff(source, survivor))
    .filter((diff) => !explanations.includes(diff))
  for (const diff of unexplained)
    console.log(`\nsurvived, and not explained in packages/conformance/mutation/README.md:\n${diff}`)
  return score >= leastScore && unexplained.length === 0
}

/** The changed lines before and after, each as one line. */
function toDiff(source: string, { location: { start, end }, replacement }: MutantResult): string {
  const lines = source.split('\n').slice(start.line - 1, end.line)
  const head = lines[0]!.slice(0, start.column - 1)
  const tail = lines.at(-1)!.slice(end.column - 1)
  const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim()
  return `- ${oneLine(lines.join('\n'))}\n+ ${oneLine(head + replacement + tail)}`
}
