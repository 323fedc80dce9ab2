/** How large is a program after a bundler has made one file of it, and does it contain anything that it must not? */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { brotliCompressSync, constants } from 'node:zlib'

import { build, transform } from 'esbuild'
import type { Metafile, Plugin, StdinOptions } from 'esbuild'

import { root } from '../../shared/run-command.ts'

/** A file, or the text of a program and the folder it would be in. */
export type Program = string | StdinOptions

export interface Bundle {
  code: string
  /** Bytes of the minified code at brotli's quality 11. */
  brotliBytes: number
  metafile: Metafile
}

/**
 * Bundles for no platform in particular, as an edge runtime or a page would get it; `node:` imports stay as they are.
 * `'browser'` leaves out what a package declares as unsuitable for browsers; some packages cannot be bundled otherwise.
 *
 * @param planted Text to append to files, by their absolute paths.
 */
export async function bundle(
  program: Program,
  platform: 'neutral' | 'browser' = 'neutral',
  planted: Record<string, string> = {},
): Promise<Bundle> {
  const { outputFiles, metafile } = await build({
    ...(typeof program === 'string' ? { entryPoints: [program] } : { stdin: program }),
    absWorkingDir: root,
    bundle: true,
    minify: true,
    format: 'esm',
    platform,
    target: 'es2022',
    external: ['node:*'],
    plugins: Object.entries(planted).map(([file, text]) => append(file, text)),
    metafile: true,
    write: false,
    logLevel: 'silent',
  })
  const [{ text, contents }] = outputFiles as [(typeof outputFiles)[0]]
  const compressed = brotliCompressSync(contents, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } })
  return { code: text, brotliBytes: compressed.length, metafile }
}

function append(file: string, text: string): Plugin {
  return {
    name: 'append',
    setup(build) {
      build.onLoad({ filter: /\.ts$/ }, async ({ path }) =>
        path === file ? { contents: (await readFile(path, 'utf8')) + text, loader: 'ts' } : undefined,
      )
    },
  }
}

/** Why a bundle exceeds its budget, with the share of each file, largest first; empty if it does not. */
export function describeExcess({ brotliBytes, metafile }: Bundle, budget: number): string {
  if (brotliBytes <= budget) return ''
  const [output] = Object.values(metafile.outputs)
  const files = Object.entries(output!.inputs)
    .toSorted(([, a], [, b]) => b.bytesInOutput - a.bytesInOutput)
    .map(([file, { bytesInOutput }]) => `  ${bytesInOutput} ${file}`)
  return `${brotliBytes} bytes are ${brotliBytes - budget} too many. What each file brought, before compression:\n${files.join('\n')}`
}

/** Everything in a bundle that some runtime lacks, with the file it came from; empty if it runs everywhere. */
export async function findUnportable({ metafile }: Bundle): Promise<string[]> {
  const found: string[] = []
  for (const [file, { imports }] of Object.entries(metafile.inputs)) {
    for (const { path, external } of imports) if (external) found.push(`${file} imports ${path}`)
    if (file.includes('<stdin>')) continue
    const source = await readFile(join(root, file), 'utf8')
    // Comments may mention what the code avoids.
    const { code } = await transform(source, {
      loader: file.endsWith('.ts') ? 'ts' : 'js',
      minifyWhitespace: true,
    })
    if (/\bAbortSignal\s*(?:\??\.\s*any\b|\[\s*["'`]any["'`])/.test(code))
      found.push(`${file} uses AbortSignal.any`)
  }
  return found
}
