/** The packages as JSR serves them to Deno: their sources, found by their `jsr.json`, and a folder `consumer` that imports them. */
import { cp, mkdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { onJsr } from '../release/write-jsr.ts'

/** @param copy The workspace, or a copy of it, its dependencies installed. `workspace` is an existing empty folder. */
export async function writeDenoWorkspace(copy: string, workspace: string): Promise<void> {
  const members = [...onJsr, 'consumer']
  for (const member of members) await mkdir(join(workspace, member), { recursive: true })
  await writeFile(join(workspace, 'consumer/deno.json'), '{}')
  await mkdir(join(workspace, 'node_modules'))
  const dependencies: Record<string, string> = {}
  for (const folder of onJsr) {
    await cp(join(copy, folder, 'src'), join(workspace, folder, 'src'), { recursive: true })
    await cp(join(copy, folder, 'README.md'), join(workspace, folder, 'README.md'))
    const jsr = await readFile(join(copy, folder, 'jsr.json'), 'utf8')
    // `deno run` reads a workspace member's settings only from a file with this name.
    await writeFile(join(workspace, folder, 'deno.json'), jsr)
    for (const name of Object.keys(JSON.parse(jsr).imports ?? {})) {
      dependencies[name] = '*'
      // npm packages are taken from the workspace's installation, so that no network is needed.
      await symlink(
        join(copy, folder, 'node_modules', name),
        join(workspace, 'node_modules', name),
        'junction',
      )
    }
  }
  await writeFile(join(workspace, 'package.json'), JSON.stringify({ dependencies }))
  const config = { workspace: members.map((member) => `./${member}`), nodeModulesDir: 'manual' }
  await writeFile(join(workspace, 'deno.json'), JSON.stringify(config))
}
