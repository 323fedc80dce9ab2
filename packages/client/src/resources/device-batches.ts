/** The device batches of a customer. */
import type { DeviceBatch, DeviceBatchCreationRequest } from '@devicebatch/contract'
import type { CallOptions } from '@devicebatch/edge'
import { buildPath } from '@devicebatch/edge/internal'

import type { Core } from '../transport/core.ts'
import type { BatchUpload } from '../waiting/batch-upload.ts'
import { acceptedUpload } from './accepted-upload.ts'
import type { Devices } from './devices.ts'
import { createDevices } from './devices.ts'
import type { ListedResource } from './list-of.ts'
import { listOf } from './list-of.ts'
import { toWireDevices } from './new-device.ts'
import type { ListOptions, PagedList } from './paged-list.ts'

/** The device batches of one customer. */
export interface DeviceBatches {
  /**
   * Uploads devices into a new batch.
   *
   * @param request The name of the batch, which users see later as the group tag, and the devices; each needs
   * `hardwareHash`, or `productKey`, or `serialNumber` with `oemManufacturerName` and `modelName`. Only what identifies a
   * device and its policies are sent.
   * @returns The upload, accepted but not yet processed; `wait()` returns the result of each device.
   * Rejects with `InvalidArgumentError` before anything is sent, and with every error of a call. When `isAmbiguous` is true,
   * the service may have accepted the devices.
   */
  create(request: DeviceBatchCreationRequest, options?: CallOptions): Promise<BatchUpload>
  /** Lists the batches. */
  list(options?: ListOptions): PagedList<DeviceBatch>
  /** One batch, by its name. Throws `InvalidArgumentError` when the name is invalid. */
  byId(batchId: string): DeviceBatchResource
}

/** One device batch. */
export interface DeviceBatchResource {
  /** The name of the batch. */
  readonly batchId: string
  /** The devices in it. */
  readonly devices: Devices
}

const listedBatch: ListedResource<DeviceBatch> = {
  contract: 'DeviceBatch',
  shape: {
    id: 'text',
    createdBy: 'text',
    creationDate: 'text',
    status: 'text',
    devicesCount: 'number',
    deviceCount: 'number',
  },
}

export function createDeviceBatches(core: Core, customerId: string): DeviceBatches {
  return {
    async create(request, options) {
      const { batchId, devices } = request ?? ({} as DeviceBatchCreationRequest)
      // The name becomes part of paths later, so it must be valid in one.
      buildPath('{batchId}', { batchId })
      const body = { batchId, devices: toWireDevices(devices) }
      const { response } = await core.api.POST('/customers/{customerId}/deviceBatches', {
        params: { path: { customerId } },
        body,
        ...core.sendWith(options),
      })
      return acceptedUpload(core, customerId, response)
    },
    list: (options) =>
      listOf(core, options, listedBatch, (call) =>
        core.api.GET('/customers/{customerId}/deviceBatches', { params: { path: { customerId } }, ...call }),
      ),
    byId(batchId) {
      buildPath('{batchId}', { batchId })
      return { batchId, devices: createDevices(core, customerId, batchId) }
    },
  }
}
