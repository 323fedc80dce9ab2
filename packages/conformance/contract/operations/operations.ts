/** Every operation: how each published client calls it, and how ours do. */
import type { operations } from '@devicebatch/contract'

/** The operations of the API. */
export type ApiOperation = keyof operations

/** A row of the table. */
export interface OperationRow {
  operation: ApiOperation
  /** microsoft/partner-center-sdk-for-dotNET, commit 005c111, 2023-06-06. */
  net: string
  /** microsoft/Partner-Center-Java, its last commit, 2020-06-15; retired. */
  java: string
  /** microsoft/Partner-Center-PowerShell, commit 8fbf334, 2021-02-11. */
  powershell: string
  /** pliancy/microsoft-partnercenter-node, commit cf22f0a, 2026-07-15: it had a few until 2021-02-02. */
  pliancy: string
  /** In `@devicebatch/client`, starting from `partner` or `customer`. */
  method: string
  /** In the `devicebatch` command. */
  command: string
}

const [yes, none] = ['yes', 'no']
const first100 = 'first 100 only'

export const rows: readonly OperationRow[] = [
  {
    operation: 'getBatchUploadStatus',
    net: yes,
    java: yes,
    powershell: 'within an upload',
    pliancy: none,
    method: 'customer.batchUploadStatus.byId().get()',
    command: 'status',
  },
  {
    operation: 'createDeviceBatch',
    net: yes,
    java: yes,
    powershell: yes,
    pliancy: none,
    method: 'customer.deviceBatches.create()',
    command: 'upload',
  },
  {
    operation: 'addDevicesToBatch',
    net: yes,
    java: yes,
    powershell: yes,
    pliancy: none,
    method: 'customer.deviceBatches.byId().devices.add()',
    command: 'upload',
  },
  {
    operation: 'listDeviceBatches',
    net: yes,
    java: yes,
    powershell: yes,
    pliancy: none,
    method: 'customer.deviceBatches.list()',
    command: 'batches',
  },
  {
    operation: 'listDevices',
    net: first100,
    java: first100,
    powershell: first100,
    pliancy: none,
    method: 'customer.deviceBatches.byId().devices.list()',
    command: 'devices',
  },
  {
    operation: 'updateDevice',
    net: yes,
    java: 'wrong URL',
    powershell: none,
    pliancy: none,
    method: 'customer.deviceBatches.byId().devices.byId().update()',
    command: '',
  },
  {
    operation: 'deleteDevice',
    net: yes,
    java: yes,
    powershell: none,
    pliancy: none,
    method: 'customer.deviceBatches.byId().devices.byId().delete()',
    command: 'delete',
  },
  {
    operation: 'updateDevicesWithPolicy',
    net: yes,
    java: yes,
    powershell: none,
    pliancy: none,
    method: 'customer.devicePolicy.update()',
    command: 'assign',
  },
  {
    operation: 'listPolicies',
    net: yes,
    java: yes,
    powershell: yes,
    pliancy: none,
    method: 'customer.configurationPolicies.list()',
    command: 'policies list',
  },
  {
    operation: 'createPolicy',
    net: yes,
    java: yes,
    powershell: yes,
    pliancy: none,
    method: 'customer.configurationPolicies.create()',
    command: 'policies create',
  },
  {
    operation: 'getPolicy',
    net: yes,
    java: yes,
    powershell: yes,
    pliancy: none,
    method: 'customer.configurationPolicies.byId().get()',
    command: 'policies show',
  },
  {
    operation: 'updatePolicy',
    net: yes,
    java: yes,
    powershell: yes,
    pliancy: none,
    method: 'customer.configurationPolicies.byId().update()',
    command: 'policies update',
  },
  {
    operation: 'deletePolicy',
    net: yes,
    java: 'sends GET',
    powershell: yes,
    pliancy: none,
    method: 'customer.configurationPolicies.byId().delete()',
    command: 'policies delete',
  },
  {
    operation: 'listCustomers',
    net: yes,
    java: yes,
    powershell: yes,
    pliancy: yes,
    method: 'partner.customers.list()',
    command: 'customers',
  },
  {
    operation: 'getCustomer',
    net: yes,
    java: yes,
    powershell: yes,
    pliancy: yes,
    method: 'customer.get()',
    command: 'customers',
  },
  {
    operation: 'getRelationshipRequest',
    net: yes,
    java: yes,
    powershell: yes,
    pliancy: none,
    method: 'partner.customers.relationshipRequest.get()',
    command: 'customers --invite',
  },
]
