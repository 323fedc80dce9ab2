/** The devices of a batch. */
import type { Device, DeviceUpdate, NewDevice } from '@devicebatch/contract'
import type { CallOptions } from '@devicebatch/edge'
import { InvalidArgumentError } from '@devicebatch/edge'
import { buildPath, show } from '@devicebatch/edge/internal'

import type { Core } from '../transport/core.ts'
import type { BatchUpload } from '../waiting/batch-upload.ts'
import { acceptedUpload } from './accepted-upload.ts'
import type { ListedResource } from './list-of.ts'
import { checkDone, listOf, readResource } from './list-of.ts'
import { toWireDevices } from './new-device.ts'
import type { ListOptions, PagedList } from './paged-list.ts'

/** The devices of one batch. */
export interface Devices {
  /**
   * Lists all devices: the service returns 100 at a time, and this continues until the last page.
   *
   * Policies are listed by their display names; hardware hashes are not listed.
   */
  list(options?: ListOptions): PagedList<Device>
  /**
   * Uploads more devices into the batch.
   *
   * @param devices Each needs `hardwareHash`, or `productKey`, or `serialNumber` with `oemManufacturerName` and `modelName`.
   * @returns The upload, accepted but not yet processed; `wait()` returns the result of each device. Rejects as
   * {@link DeviceBatches.create} does.
   */
  add(devices: readonly NewDevice[], options?: CallOptions): Promise<BatchUpload>
  /** One device, by the `id` from {@link Devices.list}. Throws `InvalidArgumentError` when the ID is invalid. */
  byId(deviceId: string): DeviceResource
}

/** One device of a batch. */
export interface DeviceResource {
  /** Its ID, as returned by {@link Devices.list}. */
  readonly deviceId: string
  /**
   * Replaces the device: omitted values are lost. Start from the listed device, and set its policies again, by id.
   *
   * @returns The device as stored by the service.
   */
  update(device: DeviceUpdate, options?: CallOptions): Promise<Device>
  /** Deletes the device from the batch. */
  delete(options?: CallOptions): Promise<void>
}

export function createDevices(core: Core, customerId: string, batchId: string): Devices {
  return {
    list: (options) =>
      listOf(core, options, listedDevice, (call) =>
        core.api.GET('/customers/{customerId}/deviceBatches/{batchId}/devices', {
          params: { path: { customerId, batchId } },
          ...call,
        }),
      ),
    async add(devices, options) {
      const body = toWireDevices(devices)
      const { response } = await core.api.POST('/customers/{customerId}/deviceBatches/{batchId}/devices', {
        params: { path: { customerId, batchId } },
        body,
        ...core.sendWith(options),
      })
      return acceptedUpload(core, customerId, response)
    },
    byId(deviceId) {
      buildPath('{deviceId}', { deviceId })
      const path = { customerId, batchId, deviceId }
      const one = '/customers/{customerId}/deviceBatches/{batchId}/devices/{deviceId}'
      return {
        deviceId,
        async update(device, options) {
          if (typeof device !== 'object' || device === null) {
            throw new InvalidArgumentError(
              `\`device\` must be the complete device, because it replaces the stored one; got ${show(device)}.`,
            )
          }
          if (device.id != null && device.id !== deviceId) {
            throw new InvalidArgumentError(
              `\`device.id\` is ${show(device.id)}, but you are replacing device ${show(deviceId)}. Pass the device with that ID.`,
            )
          }
          return readResource(
            listedDevice,
            await core.api.PUT(one, {
              params: { path },
              body: { ...device, id: deviceId },
              ...core.sendWith(options),
            }),
          )
        },
        async delete(options) {
          checkDone(await core.api.DELETE(one, { params: { path }, ...core.sendWith(options) }))
        },
      }
    },
  }
}

const listedDevice: ListedResource<Device> = {
  contract: 'Device',
  shape: {
    id: 'text',
    serialNumber: 'text',
    productKey: 'text',
    hardwareHash: 'text',
    modelName: 'text',
    oemManufacturerName: 'text',
    policies: { rows: { key: 'text', value: 'text' } },
    uploadedDate: 'text',
    uploadedBy: 'text',
    createdBy: 'text',
    allowedOperations: 'texts',
  },
}
