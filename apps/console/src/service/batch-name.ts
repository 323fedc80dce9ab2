/** Can a text be the name of a batch? */
import { buildPath } from '@devicebatch/edge/internal'

/** Throws `InvalidArgumentError` when no request can have the name in its path. */
export function checkBatchName(batchId: string): void {
  buildPath('/{batchId}', { batchId })
}
