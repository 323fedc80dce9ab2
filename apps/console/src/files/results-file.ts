/** Where is what became of each row written? */
import { constants } from 'node:fs'
import { access, stat, writeFile } from 'node:fs/promises'
import { basename, dirname, extname, join, resolve } from 'node:path'

import type { BatchUploadGroupReport, BatchUploadReport } from '@devicebatch/client'
import { InvalidArgumentError } from '@devicebatch/client'
import type { ReportRow } from '@devicebatch/csv'
import { writeReport } from '@devicebatch/csv'

import { describeFileError } from './file-error.ts'

/** The file beside the device file that is named after it and the upload, so that no upload overwrites another's. */
export function defaultResultsPath(deviceFile: string, uploadId?: string): string {
  const name = basename(deviceFile, extname(deviceFile))
  const suffix = uploadId === undefined ? '' : `-${uploadId.slice(0, 8)}`
  return join(dirname(deviceFile), `${name}-results${suffix}.csv`)
}

/**
 * Makes sure, before anything is sent, that results can be written. Rejects with `InvalidArgumentError` when the folder is
 * missing or not writable, or when the results would replace the device file.
 *
 * @param path The file that is asked for; the default one when undefined.
 */
export async function checkResultsPath(
  path: string | undefined,
  deviceFile: string | undefined,
): Promise<void> {
  const target = path ?? deviceFile
  if (target === undefined) return
  const folder = dirname(resolve(target))
  try {
    await access(folder, constants.W_OK)
  } catch (error) {
    throw describeFileError(
      error,
      `The results folder ${folder}`,
      'cannot be written to (choose a file with --results)',
    )
  }
  if (path === undefined) return
  if (deviceFile !== undefined && resolve(path) === resolve(deviceFile)) {
    throw new InvalidArgumentError(`--results ${path} is the device file itself. Name another file.`)
  }
  const existing = await stat(path).catch(() => undefined)
  if (existing?.isDirectory())
    throw new InvalidArgumentError(`--results ${path} is a folder. Name a file in it.`)
}

/** Writes the results; replaces the file. Rejects with `InvalidArgumentError` when the system refuses. */
export async function writeResultsFile(
  path: string,
  report: BatchUploadReport | BatchUploadGroupReport,
  rows: readonly ReportRow[] | undefined,
): Promise<void> {
  try {
    await writeFile(path, writeReport(report, rows))
  } catch (error) {
    throw describeFileError(error, `The results file ${path}`, 'cannot be written')
  }
}
