/**
 * Sign-in, the same as in `@devicebatch/edge/credentials`: here so that one package is enough.
 *
 * @module @devicebatch/client/credentials
 */
export { appOnly, appUser } from '@devicebatch/edge/credentials'
export type {
  AppOnlyOptions,
  AppOptions,
  AppUserOptions,
  ClientAssertionOptions,
  ClientAssertionRequest,
  ClientSecretOptions,
  RefreshTokenOptions,
} from '@devicebatch/edge/credentials'
