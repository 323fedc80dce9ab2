/** Where are the files that come with the command? Beside its code or, in the executable, inside it. */
import { readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { getAsset, isSea } from 'node:sea'
import { fileURLToPath } from 'node:url'

/** A file of the package that the command reads when it runs; the executable has each of them as an asset. */
export type PackageFile = 'package.json' | 'sample/devices.csv'

/** The text of the file. */
export function readPackageFile(name: PackageFile): string {
  return isSea() ? getAsset(name, 'utf8') : readFileSync(pathOf(name), 'utf8')
}

/** A path at which the file can be read: its own or, in the executable, that of a copy in `folder`. */
export async function packageFilePath(name: PackageFile, folder: string): Promise<string> {
  if (!isSea()) return pathOf(name)
  const copy = join(folder, basename(name))
  await writeFile(copy, readPackageFile(name))
  return copy
}

function pathOf(name: PackageFile): string {
  return fileURLToPath(new URL(`../../${name}`, import.meta.url))
}
