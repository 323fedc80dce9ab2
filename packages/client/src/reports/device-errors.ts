/** What does the error code of a device mean, and what is to be done about it? */
import { wireText } from '@devicebatch/edge/internal'

/** What is known of the error of a device. */
export interface DeviceErrorExplanation {
  /** The symbolic name, such as `ZtdDeviceAssignedToOtherTenant`: the service's own when it sent one. */
  name: string | undefined
  /** What happened, in a sentence. */
  meaning: string
  /** What to do about it, in a sentence. */
  remedy: string
  /** Whether sending the same device again can succeed without anything being changed. Our judgement, not the service's. */
  retryable: boolean
  /**
   * How well the meaning is known: `'confirmed'` by several independent sources, `'single-source'` by one Microsoft source,
   * `'unknown'` when nobody has published it.
   */
  evidence: 'confirmed' | 'single-source' | 'unknown'
}

export type DeviceErrorEntry = DeviceErrorExplanation & { name: string; code?: string }

const [confirmed, single] = ['confirmed', 'single-source'] as const
const entry = (
  code: string | undefined,
  name: string,
  evidence: DeviceErrorEntry['evidence'],
  meaning: string,
  remedy: string,
  retryable = false,
): DeviceErrorEntry => ({ ...(code !== undefined && { code }), name, meaning, remedy, retryable, evidence })

/**
 * The codes that are known. Names and numbers: Microsoft Managed Desktop, "Register devices"; Intune, "Troubleshooting
 * registration failures"; Partner Center, "Get the status of a device batch upload"; support articles of device makers.
 */
export const deviceErrors: readonly DeviceErrorEntry[] = [
  entry(
    '801',
    'InvalidZtdRequestBody',
    confirmed,
    'The registration service could not read the request, or it named no tenant.',
    'Compare the device with the upload format; if it is right, open a support request with the request id.',
  ),
  entry(
    '802',
    'InvalidZtdHardwareHash',
    confirmed,
    'The hardware hash is not valid: wrong length or form, or manufacturer and serial number are empty inside it.',
    'Collect the hash again on the device and use it exactly as it was produced; unpadded base64 may need "=" at its end.',
  ),
  entry(
    '803',
    'MissingZtdSerialNumberAndProductKey',
    confirmed,
    'Nothing identifies the device: serial number and product id are missing or invalid.',
    'Send the Windows product id, or the hardware hash, or serial number with manufacturer and model.',
  ),
  entry(
    '806',
    'ZtdDeviceAlreadyAssigned',
    confirmed,
    'The device is already registered to this customer.',
    "Nothing to do: look for it among the customer's Autopilot devices; another batch or Intune may hold it.",
  ),
  entry(
    '807',
    'ZtdDeviceIsNotRegistered',
    single,
    'The device is not registered to this customer.',
    'Register it first, or read the list of devices again.',
  ),
  entry(
    '808',
    'ZtdDeviceAssignedToOtherTenant',
    confirmed,
    'The device is registered to another organization.',
    'Have that owner, the maker or Microsoft support deregister it with proof of ownership; typical after a replaced mainboard or a refurbished device.',
  ),
  entry(
    '809',
    'ZtdProfileIsNotRegistered',
    single,
    'The profile to be applied is not known for this customer.',
    'Check the id of the policy.',
  ),
  entry(
    '810',
    'ZtdProfileAssignedToOtherTenant',
    single,
    'The profile to be applied belongs to another organization.',
    'Check the customer and the id of the policy.',
  ),
  entry(
    '811',
    'ZtdDeviceRegisteredByOtherTenant',
    single,
    'The device was registered by somebody else, such as another partner or the customer itself.',
    'Let the one who registered it remove it.',
  ),
  entry(
    '812',
    'ZtdDeviceNotFound',
    confirmed,
    'No known device has this manufacturer, model and serial number.',
    'Write the three exactly as the device reports them, capitals included, or use the Windows product id or the hardware hash.',
  ),
  entry(
    '813',
    'ZtdDeviceIsNotUnique',
    single,
    'The hardware hash does not point to a single device.',
    'Ask the maker about its firmware data, then Microsoft support.',
  ),
  entry(
    '814',
    'ZtdDeviceAlreadyAadRegistered',
    single,
    "A device object for it already exists in the customer's Microsoft Entra ID.",
    'Remove the stale device object there, then send the device again.',
  ),
  entry(
    '640',
    'StorageError',
    single,
    'The registration service failed while it stored the device.',
    'Send the device again later; if it keeps failing, open a support request.',
    true,
  ),
  entry(
    undefined,
    'HashNot4k',
    single,
    'The hardware hash is of the old, short kind.',
    'Collect it again on Windows 10, version 1703 or later.',
  ),
  entry(
    undefined,
    'ZtdDeviceDuplicated',
    single,
    'The device stands more than once in the same upload; one of the rows was processed.',
    'Look at the result of the other row, and remove the duplicate.',
  ),
]

const byCode = new Map(deviceErrors.map((known) => [known.code, known]))
const byName = new Map(deviceErrors.map((known) => [known.name.toLowerCase(), known]))
// Intune's documents spell 808 this way.
byName.set('ztddeviceassignedtoanothertenant', byCode.get('808')!)

/**
 * Says what the `errorCode` of a device means and what to do. A code nobody has explained passes through with its name.
 *
 * @param code The wire's `errorCode`, decimal digits such as `"808"`; empty when there was none.
 * @param name The wire's `errorDescription`, a symbolic name; found by it when the code is unknown.
 * @example
 * ```ts
 * import { explainDeviceError } from '@devicebatch/client'
 *
 * const { meaning, remedy } = explainDeviceError('808', 'ZtdDeviceAssignedToOtherTenant')
 * console.log(`${meaning} ${remedy}`)
 * ```
 */
export function explainDeviceError(code: string, name?: string): DeviceErrorExplanation {
  const [codeText, nameText] = [wireText(code), wireText(name)]
  const known = byCode.get(codeText) ?? byName.get(nameText.toLowerCase())
  if (known) {
    const { meaning, remedy, retryable, evidence } = known
    return { name: nameText || known.name, meaning, remedy, retryable, evidence }
  }
  return {
    name: nameText || undefined,
    meaning: `The service gave the code ${codeText || '(none)'}${nameText && `, ${nameText}`}, which nobody has explained.`,
    remedy:
      'Look the device up in Partner Center; if it is not there, open a support request with the tracking id.',
    retryable: false,
    evidence: 'unknown',
  }
}
