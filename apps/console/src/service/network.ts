/** The system's network settings, for everything that the command sends. */
import { InvalidArgumentError } from '@devicebatch/client'
import { SystemNetworkError, useSystemNetwork } from '@devicebatch/files/network'

/** Throws `InvalidArgumentError` when this Node cannot use the configured proxy. */
export function useNetwork(env: Readonly<Record<string, string | undefined>>): void {
  try {
    useSystemNetwork(env)
  } catch (error) {
    throw error instanceof SystemNetworkError
      ? new InvalidArgumentError(error.message, undefined, error)
      : error
  }
}
