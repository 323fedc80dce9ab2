/** What does polling need of an upload beyond its public methods? A stand-in with the same methods does not have it. */
import type { PartnerCenterEvent } from '@devicebatch/edge'
import { InvalidArgumentError } from '@devicebatch/edge'

export interface PollSource {
  observe: ((event: PartnerCenterEvent) => void) | undefined
  /** The longest time for one call, in milliseconds. */
  callTimeoutMs: number
  /**
   * When the service accepted it, on the clock that nobody sets; absent when another process, or nobody knows when, uploaded
   * it.
   */
  acceptedAt: number | undefined
}

/** In a private field: with thousands of uploads a `WeakMap` keeps the garbage collector busy. */
export class Pollable {
  readonly #source: PollSource

  constructor(source: PollSource) {
    this.#source = source
  }

  /** Throws `InvalidArgumentError` when the upload was not created by this package. */
  static sourceOf(upload: object): PollSource {
    if (typeof upload === 'object' && upload !== null && #source in upload) return upload.#source
    throw new InvalidArgumentError(
      '`upload` must be what batchUploadStatus.byId(), fromLocation() or deviceBatches.create() returned.',
    )
  }
}
