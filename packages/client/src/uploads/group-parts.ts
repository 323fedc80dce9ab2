/** The parts of an upload in several requests, while it grows. */
import type { BatchUpload } from '../waiting/batch-upload.ts'
import type { DuplicateDevice } from './chunks.ts'
import type { UploadChunk } from './saved-upload.ts'
import type { SentRow } from './settle.ts'

/** The group while it grows. */
export interface GroupParts {
  customerId: string
  batchId: string
  chunks: UploadChunk[]
  duplicates: DuplicateDevice[]
  complete: boolean
  /** The identifiers of the devices of each chunk. */
  rows: SentRow[][]
  /** The upload of each chunk that was accepted. */
  uploads: (BatchUpload | undefined)[]
}
