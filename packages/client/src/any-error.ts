/** Every error that a program can meet: those of a call, and those of waiting and of uploads in several requests. */
import type { AnyPartnerCenterError as CallError, ApiError, ResponseError } from '@devicebatch/edge'
import { isPartnerCenterError as isCallError } from '@devicebatch/edge'

import type { WaitTimeoutError } from './errors.ts'
import type { GroupWaitTimeoutError, UploadInterruptedError } from './group-errors.ts'

/** An interrupted upload has the code of its cause, and then its status. */
type Interruption = UploadInterruptedError &
  (
    | Pick<ApiError, 'code' | 'status'>
    | Pick<ResponseError, 'code' | 'status'>
    | { readonly code: Exclude<CallError['code'], 'api' | 'response'> }
  )

/**
 * Every error in this project: switch on its `code`. An error of this package has the `code` of its kind and members of its
 * own: `'upload' in error` is a {@link WaitTimeoutError}, `'unsent' in error` an {@link UploadInterruptedError}, and any other
 * error with a `group` a {@link GroupWaitTimeoutError}.
 */
export type AnyPartnerCenterError = CallError | WaitTimeoutError | GroupWaitTimeoutError | Interruption

/**
 * Whether `error` is one of this project's errors, even when it comes from another realm or another copy of the package,
 * where `instanceof` returns false.
 *
 * @example
 * ```ts
 * import { isPartnerCenterError } from '@devicebatch/client'
 *
 * export function describe(error: unknown): string {
 *   if (!isPartnerCenterError(error)) return String(error)
 *   if ('unsent' in error) return `stopped before device ${error.unsent.fromIndex}`
 *   return error.code === 'api' ? `HTTP ${error.status}` : error.message
 * }
 * ```
 */
export function isPartnerCenterError(error: unknown): error is AnyPartnerCenterError {
  return isCallError(error)
}
