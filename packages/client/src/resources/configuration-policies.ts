/** The configuration policies of a customer: what its devices skip and set during setup. */
import type {
  ConfigurationPolicy,
  ConfigurationPolicyUpdate,
  NewConfigurationPolicy,
} from '@devicebatch/contract'
import type { CallOptions } from '@devicebatch/edge'
import { InvalidArgumentError } from '@devicebatch/edge'
import { checkGuid, show, wireText } from '@devicebatch/edge/internal'

import type { Core } from '../transport/core.ts'
import type { ListedResource } from './list-of.ts'
import { checkDone, listOf, readResource } from './list-of.ts'
import type { ListOptions, PagedList } from './paged-list.ts'

/** The configuration policies of one customer. */
export interface ConfigurationPolicies {
  /** Lists the policies. */
  list(options?: ListOptions): PagedList<ConfigurationPolicy>
  /** Creates a policy; resolves with the policy as stored by the service, including its `id`. */
  create(policy: NewConfigurationPolicy, options?: CallOptions): Promise<ConfigurationPolicy>
  /** One policy, by its ID. Throws `InvalidArgumentError` when the ID is not a GUID. */
  byId(policyId: string): ConfigurationPolicyResource
}

/** One configuration policy. */
export interface ConfigurationPolicyResource {
  /** Its ID, a GUID. */
  readonly policyId: string
  /** Reads the policy. The service uses two names for its device counter: read both. */
  get(options?: CallOptions): Promise<ConfigurationPolicy>
  /**
   * Replaces the policy: an omitted setting is switched off. Its category cannot be changed. Rejects with
   * `InvalidArgumentError` when `name`, `category` or `policySettings` is missing.
   *
   * @param policy The whole policy: the result of {@link ConfigurationPolicyResource.get}, with your changes.
   * @example
   * ```ts
   * import { createPartnerCenter } from '@devicebatch/client'
   *
   * const partner = createPartnerCenter({ credential: () => process.env.DEVICEBATCH_TOKEN! })
   * const { configurationPolicies } = partner.customers.byId('47021739-3426-40bf-9601-61b4b6d7c793')
   * const policy = configurationPolicies.byId('56edf752-ee77-4fd8-b7f5-df1f74a3a9ac')
   * await policy.update({ ...(await policy.get()), name: 'Front desk' })
   * ```
   */
  update(
    policy: ConfigurationPolicyUpdate | ConfigurationPolicy,
    options?: CallOptions,
  ): Promise<ConfigurationPolicy>
  /** Deletes the policy. What happens to devices that have it is not documented. */
  delete(options?: CallOptions): Promise<void>
}

const all = '/customers/{customerId}/policies'
const one = '/customers/{customerId}/policies/{policyId}'

const listedPolicy: ListedResource<ConfigurationPolicy> = {
  contract: 'ConfigurationPolicy',
  shape: {
    id: 'text',
    name: 'text',
    category: 'text',
    description: 'text',
    devicesAssignedCount: 'number',
    devicesAssigned: 'number',
    policySettings: 'texts',
    createdDate: 'text',
    lastModifiedDate: 'text',
  },
}

export function createConfigurationPolicies(core: Core, customerId: string): ConfigurationPolicies {
  return {
    list: (options) =>
      listOf(core, options, listedPolicy, (call) =>
        core.api.GET(all, { params: { path: { customerId } }, ...call }),
      ),
    async create(policy, options) {
      checkPolicy(policy)
      const params = { path: { customerId } }
      return readResource(
        listedPolicy,
        await core.api.POST(all, { params, body: policy, ...core.sendWith(options) }),
      )
    },
    byId(id) {
      const policyId = checkGuid('policyId', id)
      const params = { path: { customerId, policyId } }
      return {
        policyId,
        async get(options) {
          return readResource(listedPolicy, await core.api.GET(one, { params, ...core.sendWith(options) }))
        },
        async update(policy, options) {
          checkPolicy(policy)
          if (wireText(policy.id).toLowerCase() !== policyId.toLowerCase()) {
            throw new InvalidArgumentError(
              `\`policy.id\` is ${show(policy.id)}, but you are replacing policy ${policyId}. Pass the policy with that ID.`,
            )
          }
          const body = policy as ConfigurationPolicyUpdate
          return readResource(
            listedPolicy,
            await core.api.PUT(one, { params, body, ...core.sendWith(options) }),
          )
        },
        async delete(options) {
          checkDone(await core.api.DELETE(one, { params, ...core.sendWith(options) }))
        },
      }
    },
  }
}

function checkPolicy(policy: NewConfigurationPolicy | ConfigurationPolicyUpdate | ConfigurationPolicy): void {
  if (typeof policy !== 'object' || policy === null) {
    throw new InvalidArgumentError(
      `\`policy\` must have name, category and policySettings; got ${show(policy)}.`,
    )
  }
  const isText = (value: unknown): boolean => typeof value === 'string' && value.trim() !== ''
  const { name, category, policySettings } = policy
  for (const [member, value] of Object.entries({ name, category })) {
    if (isText(value)) continue
    throw new InvalidArgumentError(`\`policy.${member}\` must be a non-empty string; got ${show(value)}.`)
  }
  if (Array.isArray(policySettings) && policySettings.every(isText)) return
  throw new InvalidArgumentError(
    '`policy.policySettings` must be an array of words such as "skip_eula"; list every setting to turn on.',
  )
}
