/**
 * Writes docs/api from the docstrings of every library: `npm run docs:api`. A broken link and an export without a docstring are
 * errors. Types that are referenced but not exported are in each `api.md`: typedoc does not find them in several packages at once.
 */
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'

import { Application, Converter, LogLevel, ReflectionKind } from 'typedoc'
import type { TypeDocOptions } from 'typedoc'
import type { PluginOptions } from 'typedoc-plugin-markdown'

import { libraries, published } from '../shared/pack-workspace.ts'
import { root } from '../shared/run-command.ts'

export const apiDirectory = join(root, 'docs/api')

/** Generated too; their contents are documented in spec/openapi.yaml. */
const generated = ['components', 'operations', 'paths']

/** The members of an anonymous type are documented where that type is used. */
const ofNamelessType = /\.__type\..* does not have any documentation/

/** Writes all pages into a directory; rejects with typedoc's warnings. */
export async function writeApi(directory: string): Promise<void> {
  const complaints: string[] = []
  const app = await Application.bootstrapWithPlugins(options)
  app.logger.log = (message, level) => {
    if (level >= LogLevel.Warn && !ofNamelessType.test(message)) complaints.push(message)
  }
  app.converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }) => {
    for (const reflection of project.getReflectionsByKind(ReflectionKind.Interface)) {
      if (generated.includes(reflection.name)) project.removeReflection(reflection)
    }
  })
  const project = await app.convert()
  if (project) {
    app.validate(project)
    // Without `@module`, the package and its page are named after its folder.
    for (const { name } of project.getReflectionsByKind(ReflectionKind.Module)) {
      if (!name.startsWith('@devicebatch/'))
        complaints.push(`The module ${name} needs \`@module\` with the name of its package.`)
    }
  }
  if (project && complaints.length === 0) {
    rmSync(directory, { recursive: true, force: true })
    await app.outputs.writeOutput({ name: 'markdown', path: directory }, project)
  }
  if (complaints.length > 0) throw new Error(`docs/api cannot be written:\n${complaints.join('\n')}`)
}

const options: Partial<TypeDocOptions & PluginOptions> = {
  plugin: ['typedoc-plugin-markdown'],
  tsconfig: join(import.meta.dirname, '../tsconfig.json'),
  // `npm run check` already compiles everything.
  skipErrorChecking: true,
  entryPoints: libraries.flatMap((name) => entryPoints(published[name])),
  name: 'API',
  readme: 'none',
  router: 'module',
  excludeScopesInPaths: true,
  // Line numbers would make every page stale with every change.
  disableSources: true,
  excludeExternals: true,
  groupOrder: ['Functions', 'Variables', 'Classes', 'Interfaces', 'Type Aliases', 'References'],
  hideGenerator: true,
  logLevel: 'Warn',
  validation: { notExported: false, invalidLink: true, notDocumented: true },
  packagesRequiringDocumentation: [...libraries],
  // The generated types use `@remarks` for the source of a fact.
  blockTags: ['@deprecated', '@example', '@module', '@param', '@remarks', '@returns', '@see', '@throws'],
  hidePageHeader: true,
  hideBreadcrumbs: true,
  useCodeBlocks: true,
  // The plugin numbers headings with the same name differently than GitHub does.
  useHTMLAnchors: true,
  parametersFormat: 'table',
  interfacePropertiesFormat: 'table',
  classPropertiesFormat: 'table',
  typeAliasPropertiesFormat: 'table',
  tableColumnSettings: { hideDefaults: true, hideInherited: true, hideModifiers: true, hideOverrides: true },
}

/** What users may import from a package; `./internal` is for our own packages. */
function entryPoints(folder: string): string[] {
  const { exports } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) as {
    exports: Record<string, string>
  }
  return Object.entries(exports)
    .filter(([name, file]) => name !== './internal' && file.endsWith('.ts'))
    .map(([, file]) => join(root, folder, file))
}

if (import.meta.main) await writeApi(apiDirectory)
