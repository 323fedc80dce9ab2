/** What an upload in several requests is made of while it grows. */
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
  /** What the devices of each chunk can be recognised by. */
  rows: SentRow[][]
  /** The upload of each chunk that was accepted. */
  uploads: (BatchUpload | undefined)[]
}
