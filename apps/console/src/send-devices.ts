/** Sends the devices of a file as one batch. */
import type { BatchUpload } from '@devicebatch/client'
import { InvalidArgumentError, isPartnerCenterError } from '@devicebatch/client'

import type { Connection } from './connect.ts'
import type { CommandContext } from './context.ts'
import type { DeviceFile } from './device-file.ts'
import { count, plainText } from './format.ts'

/** What is sent, and to whom. */
export interface Shipment {
  customerId: string
  /** The name of the batch. */
  batchId: string
  file: DeviceFile
}

/**
 * Sends them.
 *
 * Rejects with `InvalidArgumentError` before anything is sent when the file has no device, and with every error of the call; what
 * is to be known then beyond the error is printed.
 */
export async function sendDevices(
  connection: Connection,
  { customerId, batchId, file }: Shipment,
  { output, signal }: CommandContext,
): Promise<BatchUpload> {
  const { devices, skipped, path } = file
  if (devices.length === 0) {
    const found =
      skipped.length > 0 ? `none of its ${count(skipped.length, 'row')} can be sent` : 'it has no rows'
    throw new InvalidArgumentError(`${path} has no device to send: ${found}. Nothing was submitted.`)
  }
  const customer = connection.partner.customers.byId(customerId)
  output.print(
    `Customer     ${customerId}`,
    `Batch        ${plainText(batchId)}`,
    `Sending ${count(devices.length, 'device')} …`,
  )
  try {
    return await customer.deviceBatches.create({ batchId, devices }, { signal })
  } catch (error) {
    if (signal.aborted) {
      output.print(
        'The service may have taken the devices. Look for the batch in Partner Center before you send it again.',
      )
    } else if (isRefusal(error) && !connection.hasUser) {
      output.print(
        'The newest documents ask for App+User sign-in here: set DEVICEBATCH_REFRESH_TOKEN_FILE (see --help).',
      )
    }
    throw error
  }
}

function isRefusal(error: unknown): boolean {
  return isPartnerCenterError(error) && error.code === 'api' && [401, 403].includes(error.status)
}
