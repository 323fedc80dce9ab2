/** What does the error code of a device mean, and what fixes it? */
import { wireText } from '@devicebatch/edge/internal'

/** What is known about the error of a device. */
export interface DeviceErrorExplanation {
  /** The symbolic name, such as `ZtdDeviceAssignedToOtherTenant`: the service's own when it sent one. */
  name: string | undefined
  /** What happened, in a sentence. */
  meaning: string
  /** What to do about it, in a sentence. */
  remedy: string
  /** Whether resending the same device, unchanged, can succeed. This is our judgment, not the service's. */
  isRetryable: boolean
  /**
   * How well the meaning is known: `'confirmed'` by several independent sources, `'single-source'` by one Microsoft source,
   * `'unknown'` when no source explains it, even if it names it.
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
  isRetryable = false,
): DeviceErrorEntry => ({ ...(code !== undefined && { code }), name, meaning, remedy, isRetryable, evidence })

/**
 * The known codes. Names and numbers: Microsoft Managed Desktop, "Register devices"; Intune, "Troubleshooting registration
 * failures"; Partner Center, "Get the status of a device batch upload"; support articles from Microsoft and device makers.
 * Replaced motherboards and profiles: Windows Autopilot, "Motherboard replacement" and "Partner registration".
 */
export const deviceErrors: readonly DeviceErrorEntry[] = [
  entry(
    '801',
    'InvalidZtdRequestBody',
    confirmed,
    'The registration service could not read the request, or the request did not name a tenant.',
    'Compare the device with the upload format; if it is correct, open a support request with the request ID.',
  ),
  entry(
    '802',
    'InvalidZtdHardwareHash',
    confirmed,
    'The hardware hash is invalid: its length or format is wrong, or it contains no manufacturer and serial number.',
    'Collect the hash again on the device and use it unmodified; unpadded base64 may need "=" at the end.',
  ),
  entry(
    '803',
    'MissingZtdSerialNumberAndProductKey',
    confirmed,
    'The device cannot be identified: its serial number and product ID are missing or invalid.',
    'Send the Windows product ID, the hardware hash, or the serial number with manufacturer and model.',
  ),
  entry(
    '806',
    'ZtdDeviceAlreadyAssigned',
    confirmed,
    'The device is already registered to this customer.',
    "Usually nothing to fix: check the customer's Autopilot devices, since another batch or Intune may already contain it. If it is not listed there, submit it again; if the error persists, a record may remain in Microsoft Store for Business: contact Microsoft support.",
  ),
  entry(
    '807',
    'ZtdDeviceIsNotRegistered',
    single,
    'The device is not registered to this customer.',
    'Register it first, or refresh the list of devices.',
  ),
  entry(
    '808',
    'ZtdDeviceAssignedToOtherTenant',
    confirmed,
    'The device is registered to another organization.',
    'Ask that organization, the manufacturer or Microsoft support to deregister it. Microsoft support requires that you have the device. This often happens with refurbished devices and after a motherboard replacement. A record may also remain in Microsoft Store for Business: contact Microsoft support.',
  ),
  entry(
    '809',
    'ZtdProfileIsNotRegistered',
    single,
    'Partner Center does not know the profile to apply for this customer.',
    'Check the policy ID: Partner Center knows only profiles created in Partner Center, not those created in Intune.',
  ),
  entry(
    '810',
    'ZtdProfileAssignedToOtherTenant',
    single,
    'The profile to apply belongs to another organization.',
    'Check the customer and the policy ID.',
  ),
  entry(
    '811',
    'ZtdDeviceRegisteredByOtherTenant',
    single,
    'The device cannot be deleted: a user of another tenant registered it.',
    'Ask whoever registered it, such as another partner or the customer, to delete it.',
  ),
  entry(
    '812',
    'ZtdDeviceNotFound',
    confirmed,
    'Microsoft knows no device with this product ID, or with this manufacturer, model and serial number.',
    'Correct the device list and upload it again. Enter the values exactly as the device reports them, with capitals and leading zeros, or send the hardware hash, which the PowerShell script Get-WindowsAutopilotInfo collects on the device. After a motherboard replacement, only a newly collected hash works.',
  ),
  entry(
    '813',
    'ZtdDeviceIsNotUnique',
    single,
    'The hardware hash does not identify a single device.',
    'Ask the manufacturer to check the firmware data, then contact Microsoft support.',
  ),
  entry(
    '814',
    'ZtdDeviceAlreadyAadRegistered',
    single,
    "The customer's Microsoft Entra ID already contains a device object for it.",
    'Remove the stale device object there, then submit the device again.',
  ),
  entry(
    '640',
    'StorageError',
    single,
    'The registration service failed to save the device.',
    'Submit the device again. If it keeps failing, open a support request with the batch tracking ID.',
    true,
  ),
  entry(
    undefined,
    'HashNot4k',
    // The source lists the name, but its column for the reason says "tbd".
    'unknown',
    'The hardware hash is probably in the old, short format; this is inferred from the name of the error.',
    'Collect the hash again on Windows 10, version 1703 or later.',
  ),
  entry(
    undefined,
    'ZtdDeviceDuplicated',
    single,
    'The upload contains the device more than once; one of the rows was processed.',
    'Check the result of the other row and remove the duplicate.',
  ),
]

const byCode = new Map(deviceErrors.map((known) => [known.code, known]))
const byName = new Map(deviceErrors.map((known) => [known.name.toLowerCase(), known]))
// Intune's documentation spells 808 this way.
byName.set('ztddeviceassignedtoanothertenant', byCode.get('808')!)

/**
 * Explains what the `errorCode` of a device means and what to do. An unknown code is returned with its name.
 *
 * @param code The device's `errorCode`, decimal digits such as `"808"`; empty or undefined when there was none.
 * @param name The device's `errorDescription`, a symbolic name; used for the lookup when the code is unknown.
 * @example
 * ```ts
 * import { explainDeviceError } from '@devicebatch/client'
 *
 * const { meaning, remedy } = explainDeviceError('808', 'ZtdDeviceAssignedToOtherTenant')
 * console.log(`${meaning} ${remedy}`)
 * ```
 */
export function explainDeviceError(code: string | undefined, name?: string): DeviceErrorExplanation {
  const [codeText, nameText] = [wireText(code), wireText(name)]
  const known = byCode.get(codeText) ?? byName.get(nameText.toLowerCase())
  if (known) {
    const { meaning, remedy, isRetryable, evidence } = known
    return { name: nameText || known.name, meaning, remedy, isRetryable, evidence }
  }
  return {
    name: nameText || undefined,
    meaning:
      codeText || nameText
        ? `The service returned the code ${[codeText, nameText].filter(Boolean).join(', ')}, which no public source explains.`
        : 'The service returned no error code.',
    remedy:
      'Look up the device in Partner Center; if it is not there, open a support request with the batch tracking ID.',
    isRetryable: false,
    evidence: 'unknown',
  }
}
