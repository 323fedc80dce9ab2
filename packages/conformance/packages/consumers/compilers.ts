/** Every way in which a consumer's compiler may read our declarations, and its diagnostics. */
import { join } from 'node:path'

import { runCommand } from '../../shared/run-command.ts'
import { tools } from './consumer.ts'

export interface CompilerSetting {
  typescript: '5.8' | '5.9' | '6.0' | '7.0'
  resolution: 'nodenext' | 'bundler'
  strict: boolean
  /** Where `fetch`, `URL` and the others are declared. */
  globals: 'lib dom' | '@types/node' | 'workers-types'
}

const typeScripts = ['5.8', '5.9', '6.0', '7.0'] as const

/** All of them: 48. */
export const allSettings: CompilerSetting[] = typeScripts.flatMap((typescript) =>
  (['nodenext', 'bundler'] as const).flatMap((resolution) =>
    [true, false].flatMap((strict) =>
      (['lib dom', '@types/node', 'workers-types'] as const).map((globals) => ({
        typescript,
        resolution,
        strict,
        globals,
      })),
    ),
  ),
)

/**
 * Those that every test run can afford: all of TypeScript 7, which takes half a second each, and enough of the others, which take
 * three, to cover each choice once.
 */
export const quickSettings: CompilerSetting[] = allSettings.filter(
  ({ typescript, resolution, strict, globals }) =>
    typescript === '7.0' ||
    (resolution === 'nodenext' && strict && globals === 'lib dom') ||
    (resolution === 'bundler' &&
      !strict &&
      globals === (typescript === '5.9' ? 'workers-types' : '@types/node')),
)

const optionsOf: Record<CompilerSetting['globals'], Record<string, string>> = {
  'lib dom': { lib: 'es2023,dom', typeRoots: join(tools, 'none') },
  '@types/node': { lib: 'es2023', typeRoots: join(tools, '@types'), types: 'node' },
  'workers-types': { lib: 'es2023', typeRoots: join(tools, '@cloudflare'), types: 'workers-types' },
}

/** Compiles the program `compile.ts` of a project; rejects with the compiler's output. */
export async function compile(project: string, setting: CompilerSetting): Promise<void> {
  const { typescript, resolution, strict, globals } = setting
  const options = {
    target: 'es2023',
    module: resolution === 'bundler' ? 'esnext' : 'nodenext',
    moduleResolution: resolution,
    strict: String(strict),
    skipLibCheck: 'false',
    // Checking the compiler's own declarations would take half of the time.
    skipDefaultLibCheck: 'true',
    ...optionsOf[globals],
  }
  await runCommand(
    project,
    process.execPath,
    join(tools, `typescript${typescript.replace('.', '')}`, 'bin/tsc'),
    '--noEmit',
    ...Object.entries(options).flatMap(([name, value]) => [`--${name}`, value]),
    // The server is for Node, and only this choice has Node's types.
    globals === '@types/node' ? 'compile-node.ts' : 'compile.ts',
  )
}

export function nameOf({ typescript, resolution, strict, globals }: CompilerSetting): string {
  return `TypeScript ${typescript}, ${resolution}, ${strict ? 'strict' : 'not strict'}, ${globals}`
}
