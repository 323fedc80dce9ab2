/** The interface that each generated client implements. */

export interface Target {
  /** Ends in `/v1`. */
  baseUrl: string
  token: string
  customerId: string
}

/** A program that uses a generated client, written as the generator's documentation suggests. */
export interface GeneratedClient {
  /** Reads the status of an upload: the status value of the batch, and the error of each device. */
  readStatus(
    target: Target,
    batchTrackingId: string,
  ): Promise<{ status: string; errorCodes: (string | undefined)[] }>
  /** Creates a batch of one device; resolves with the `Location` of its upload. */
  createBatch(target: Target, batchId: string, serialNumber: string): Promise<string | null>
  /** Reads every page of a batch; resolves with the ids of its devices, page by page. */
  pageDevices(target: Target, batchId: string): Promise<string[][]>
  /** Requests an upload that does not exist; resolves with the status and the description of the fault. */
  readFault(target: Target, batchTrackingId: string): Promise<{ status: number; description: string }>
}
