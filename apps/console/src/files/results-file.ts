/** Where are the results of the rows written? */
import { existsSync } from 'node:fs'
import { basename, dirname, extname, join } from 'node:path'

import type { BatchUploadGroupReport, BatchUploadReport } from '@devicebatch/client'
import { InvalidArgumentError } from '@devicebatch/client'
import { formatReport } from '@devicebatch/csv'
import { isSameFile } from '@devicebatch/files'

import type { DeviceFile } from './device-file.ts'
import { describeFileError } from './file-error.ts'
import { checkFolder, checkTarget, writeUserFile } from './user-file.ts'

/** A file next to the device file, named after it and the upload, so that no upload overwrites the results of another. */
export function defaultResultsPath(deviceFile: string, uploadId?: string): string {
  const name = basename(deviceFile, extname(deviceFile))
  const suffix = uploadId === undefined ? '' : `-${uploadId.slice(0, 8)}`
  return join(dirname(deviceFile), `${name}-results${suffix}.csv`)
}

/**
 * Makes sure, before anything is sent, that results can be written. Rejects with `InvalidArgumentError` when the folder is
 * missing or not writable, or when the results would replace the device file or the journal, even through a link.
 *
 * @param path The file that the user chose; undefined for the default one.
 */
export async function checkResultsPath(
  path: string | undefined,
  deviceFile: string | undefined,
  journal?: string,
): Promise<void> {
  if (path === undefined) {
    // Reading a missing device file says more than its missing folder would.
    if (deviceFile !== undefined && existsSync(deviceFile)) await checkFolder(deviceFile, '--results')
    return
  }
  await checkFolder(path, '--results')
  for (const [other, name] of [
    [deviceFile, 'the device file itself'],
    [journal, 'the journal of the upload'],
  ] as const) {
    if (other === undefined || !(await leadsTo(path, other))) continue
    throw new InvalidArgumentError(`--results ${path} is ${name}. Name another file.`)
  }
  await checkTarget(path, '--results')
}

async function leadsTo(path: string, other: string): Promise<boolean> {
  try {
    return await isSameFile(path, other)
  } catch (error) {
    throw describeFileError(error, `--results ${path}`, `cannot be compared with ${other}`)
  }
}

/** Writes the results, replacing the file atomically. Rejects with `InvalidArgumentError` when that fails. */
export async function writeResultsFile(
  path: string,
  report: BatchUploadReport | BatchUploadGroupReport,
  file: Pick<DeviceFile, 'rows' | 'delimiter'> | undefined,
): Promise<void> {
  const lines = formatReport(report, file?.rows, { delimiter: file?.delimiter })
  await writeUserFile(path, lines, `The results file ${path}`)
}
