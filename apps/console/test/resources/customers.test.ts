/** Customers by name: `devicebatch customers`, and every form of `--customer`. */
import { documentedUpload } from '@devicebatch/emulator'
import type { SeedCustomer } from '@devicebatch/emulator'
import { serve } from '@devicebatch/emulator/node'
import { describe, expect, test } from 'vitest'

import type { Run } from '../command.ts'
import { customer, deviceFile, makeFolder, run, emulatorEnvironment, startEmulator } from '../command.ts'

const northwind: SeedCustomer = {
  customerId: '6c5a0b0e-52f3-4a3c-9d0c-1f0a5b7f2d11',
  companyName: 'Northwind Traders',
  domain: 'northwindtraders.onmicrosoft.com',
  customDomains: ['northwindtraders.onmicrosoft.com', 'northwind.example'],
}
const advised: SeedCustomer = {
  customerId: '2f1c8a41-6f5e-4b56-8f0e-7b7a1c0d9e22',
  companyName: 'Advised Ltd',
  domain: 'advised.onmicrosoft.com',
  relationshipToPartner: 'advisor',
}

async function prepare(...more: SeedCustomer[]) {
  const server = await startEmulator()
  server.emulator.seed({ customers: [northwind, advised, ...more] })
  const folder = await makeFolder()
  await folder.write('devices.csv', deviceFile('A1'))
  const command = (args: readonly string[], env = {}): Promise<Run> =>
    run([...args, '--emulator', server.url], { cwd: folder.path, env })
  const upload = (text: string | undefined, env = {}): Promise<Run> =>
    command(
      [
        'upload',
        'devices.csv',
        '--batch',
        'B',
        '--interval',
        '0.02',
        ...(text === undefined ? [] : ['--customer', text]),
      ],
      env,
    )
  return {
    ...server,
    folder,
    command,
    upload,
    operations: () => server.calls().map(({ operation }) => operation),
  }
}

/** The error line. */
function complaint({ code, stderr }: Run, expected = 1): string {
  expect(code, stderr).toBe(expected)
  const [, line = ''] = /^devicebatch: ([^\n]+)\n/m.exec(stderr) ?? []
  expect(line, stderr).not.toBe('')
  return line
}

describe('--customer', () => {
  test.for([
    'Northwind',
    'northwind TRADERS',
    'northwindtraders.onmicrosoft.com',
    'Northwind.Example',
    northwind.customerId,
    northwind.customerId.toUpperCase(),
  ])('%s leads to the customer, whose name and ID the report shows', async (text) => {
    const { upload, calls, folder } = await prepare()
    const { code, stdout } = await upload(text)
    expect(code, stdout).toBe(0)
    const paths = calls().flatMap(({ operation, path }) => (operation === 'createDeviceBatch' ? path : []))
    expect(paths.map((path) => path.toLowerCase())).toEqual([
      `/v1/customers/${northwind.customerId}/devicebatches`,
    ])
    expect(stdout.match(/^Customer +Northwind Traders \([\da-f-]{36}\)$/gim)).toHaveLength(2)
    expect(JSON.parse(await folder.read('devices.csv.devicebatch.json'))).toMatchObject({
      customerName: 'Northwind Traders',
    })
  })

  test('contoso.onmicrosoft.com ends with a report on the emulator as it starts', async () => {
    const { url } = await startEmulator()
    const folder = await makeFolder()
    const file = await folder.write('devices.csv', deviceFile('A1', 'B2'))
    const args = [
      'upload',
      file,
      '--customer',
      'contoso.onmicrosoft.com',
      '--batch',
      'B',
      '--interval',
      '0.02',
      '--emulator',
      url,
    ]
    const { code, stdout } = await run(args)
    expect(code).toBe(0)
    expect(stdout).toContain('Found Contoso (7b26b357-9ca3-48b8-a58e-4febe2662a5d)')
    expect(stdout).toContain('Every device is registered')
  })

  test('DEVICEBATCH_CUSTOMER stands in for it, and it takes precedence', async () => {
    const { upload, calls } = await prepare()
    const env = { DEVICEBATCH_CUSTOMER: 'Northwind' }
    expect((await upload(undefined, env)).code).toBe(0)
    await upload(customer, env)
    const paths = calls().flatMap(({ operation, path }) => (operation === 'createDeviceBatch' ? path : []))
    expect(paths).toEqual([
      `/v1/customers/${northwind.customerId}/deviceBatches`,
      `/v1/customers/${customer}/deviceBatches`,
    ])
  })

  test('the command that continues an upload has the ID, which stays unambiguous', async () => {
    const { command, folder } = await prepare()
    const { stdout } = await command([
      'upload',
      'devices.csv',
      '--batch',
      'B',
      '--customer',
      'Northwind',
      '--no-wait',
    ])
    expect(stdout).toContain(`upload devices.csv --customer ${northwind.customerId} --batch B`)
    expect(await folder.read('devices.csv.devicebatch.json')).toContain(northwind.customerId)
  })

  test('status and watch take a domain, and a Location of another customer is refused', async () => {
    const { command, emulator } = await prepare()
    const batchTrackingId = '0127ed8e-ff72-4983-a3d8-e8d8bd378933'
    emulator.seed({
      uploads: [
        {
          customerId: northwind.customerId,
          batchTrackingId,
          batchId: 'B',
          devices: [{ serialNumber: 'A1' }],
        },
      ],
    })
    for (const name of ['status', 'watch']) {
      const { code, stdout } = await command([name, batchTrackingId, '--customer', 'northwind.example'])
      expect(code).toBe(0)
      expect(stdout).toContain(`Customer     Northwind Traders (${northwind.customerId})`)
    }
    const location = `/customers/${documentedUpload.customerId}/batchJobStatus/${batchTrackingId}`
    expect(complaint(await command(['status', location, '--customer', 'Northwind']))).toBe(
      `The Location belongs to customer ${documentedUpload.customerId}, but --customer is "${northwind.customerId}". Leave out --customer.`,
    )
  })

  test.for(['batches', 'policies list'])('%s takes the beginning of a name', async (name) => {
    const { command, calls } = await prepare()
    const { code } = await command([...name.split(' '), '--customer', 'north'])
    expect(code).toBe(0)
    expect(calls().at(-1)?.path).toContain(northwind.customerId)
  })

  test('an ambiguous name lists the customers it fits, and nothing is sent', async () => {
    const { upload, operations } = await prepare()
    const result = await upload('Contoso')
    expect(complaint(result)).toBe(
      '3 customers have a name that begins with "Contoso". Pass the tenant ID or the domain of one of them.',
    )
    expect(result.stdout).toMatch(
      /^Contoso190 +contoso190\.onmicrosoft\.com +c5757d70-06f3-4f23-8367-5a9e55019f94/m,
    )
    expect(operations()).toEqual(['getToken', 'listCustomers'])
  })

  test('a name that matches very many lists the first ones', async () => {
    const many = Array.from({ length: 600 }, (_, index) => ({
      customerId: `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`,
      companyName: `Tailspin ${index}`,
      domain: `tailspin${index}.onmicrosoft.com`,
    }))
    const { upload, operations } = await prepare(...many)
    const result = await upload('tail')
    expect(complaint(result)).toMatch(/^More than 20 customers have a name that begins with "tail"\./)
    expect(result.stdout.match(/^Tailspin/gm)).toHaveLength(20)
    expect(operations()).toEqual(['getToken', 'listCustomers'])
  })

  test.for([
    [
      'Nobody',
      /^No customer has a name that begins with "Nobody"\. "devicebatch customers" lists them all; .*Microsoft ID\.$/,
    ],
    ['nobody.example', /^No Microsoft Entra tenant has the domain "nobody\.example"\. Correct it, or pass /],
    [
      'advised.onmicrosoft.com',
      /^Advised Ltd \(2f1c8a41-.*\) has no reseller relationship with you .*--invite" prints/,
    ],
    ['Advised', /^Advised Ltd \(2f1c8a41-.*\) has no reseller relationship with you .*--invite" prints/],
    [
      advised.customerId,
      /^Advised Ltd \(2f1c8a41-.*\) has no reseller relationship .*DAP or GDAP\) is not required\.$/,
    ],
    [
      '47021739-3426-40bf-9601-61b4b6d7c79',
      /^The customer must be a tenant ID such as .*; got "47021739-.*c79"\./,
      2,
    ],
    ['', /^The customer must be a tenant ID such as .*; got ""\./, 2],
  ] as const)('%j is refused with its own sentence, and nothing is sent', async ([text, words, exitCode]) => {
    const { upload, operations } = await prepare()
    expect(complaint(await upload(text), exitCode)).toMatch(words)
    expect(operations()).not.toContain('createDeviceBatch')
    expect(operations()).not.toContain('addDevicesToBatch')
  })

  test('a tenant that is not a customer is named with its ID, and how it becomes one', async () => {
    const { upload, emulator, operations } = await prepare()
    emulator.faults.add({ operation: 'getCustomer', effect: { kind: 'answer', status: 404 } })
    expect(complaint(await upload('northwind.example'))).toMatch(
      /^northwind\.example is the tenant 6c5a0b0e-\S+, which is not one of your customers\. .*customers --invite" prints\./,
    )
    expect(operations()).not.toContain('createDeviceBatch')
  })

  test('without it, the error says what to pass, before anything is sent', async () => {
    const { upload, operations } = await prepare()
    expect(complaint(await upload(undefined), 2)).toBe(
      "--customer is missing. Pass the customer's tenant ID, a domain or the beginning of its name, or set DEVICEBATCH_CUSTOMER.",
    )
    expect(operations()).toEqual([])
  })

  test('an upload to an ID works although the service does not return its name', async () => {
    const { upload, emulator, operations } = await prepare()
    emulator.faults.add({ operation: 'getCustomer', effect: { kind: 'answer', status: 503 } })
    const { code, stdout } = await upload(northwind.customerId)
    expect(code).toBe(0)
    expect(stdout).toContain(`Customer     ${northwind.customerId}\n`)
    expect(operations().filter((operation) => operation === 'getCustomer')).toHaveLength(1)
  })

  test('a sign-in host that does not respond is named with the code of the network', async () => {
    const { baseUrl, operations } = await prepare()
    const gone = await serve()
    await gone.close()
    const env = emulatorEnvironment({ url: gone.url, baseUrl })
    const line = complaint(await run(['batches', '--customer', 'northwind.example'], { env }))
    const { host } = new URL(gone.url)
    expect(line).toBe(
      `The tenant of northwind.example could not be looked up at ${host} (ECONNREFUSED). Check the network, or pass the tenant ID.`,
    )
    expect(operations()).toEqual([])
  })
})

test.for([
  ['20002', { code: 20002, description: 'The partner has no commerce relationship.' }],
  ['no body', ''],
] as const)(
  'a 403 with %s says what the customer must have accepted, and what is not required',
  async ([, body]) => {
    const { command, emulator } = await prepare()
    emulator.faults.add({ operation: 'listDeviceBatches', effect: { kind: 'answer', status: 403, body } })
    const { code, stderr } = await command(['batches', '--customer', customer])
    expect(code).toBe(1)
    expect(stderr).toContain('as its reseller')
    expect(stderr).toContain('`devicebatch customers --invite` prints it')
    expect(stderr).toContain('Delegated administration (DAP or GDAP) is not required.')
    expect(stderr).toContain('Indirect resellers have no API access.')
  },
)

describe('customers', () => {
  test('lists all with name, domain and tenant ID', async () => {
    const { command } = await prepare()
    const { code, stdout } = await command(['customers'])
    expect(code).toBe(0)
    expect(stdout).toMatch(
      /^Northwind Traders +northwindtraders\.onmicrosoft\.com +6c5a0b0e-52f3-4a3c-9d0c-1f0a5b7f2d11 +reseller$/m,
    )
    expect(stdout).toMatch(/^7 customers$/m)
  })

  test.for([
    ['north', ['Northwind Traders']],
    ['CONTOSOCORP', ['Contoso', 'Contoso']],
    ['contoso', ['Contoso190', 'Contoso', 'Contoso']],
    [northwind.customerId, ['Northwind Traders']],
  ] as const)('%s finds by the beginning of a name or domain, or by id', async ([text, names]) => {
    const { command } = await prepare()
    const { code, stdout } = await command(['customers', text, '--json'])
    expect(code).toBe(0)
    const { customers } = JSON.parse(stdout) as { customers: { companyProfile: { companyName: string } }[] }
    expect(customers.map(({ companyProfile }) => companyProfile.companyName)).toEqual(names)
  })

  test('says where to find it when it is missing', async () => {
    const { command } = await prepare()
    const { code, stdout } = await command(['customers', 'nobody'])
    expect(code).toBe(0)
    expect(stdout).toContain('0 customers')
    expect(stdout).toContain('Account > Microsoft ID')
  })

  test('--csv writes them for a spreadsheet', async () => {
    const { command } = await prepare()
    const { stdout } = await command(['customers', 'north', '--csv'])
    expect(stdout).toBe(
      `\uFEFFName,Domain,Tenant ID,Relationship\r\nNorthwind Traders,northwindtraders.onmicrosoft.com,${northwind.customerId},reseller\r\n`,
    )
  })

  test('--invite prints the link', async () => {
    const { command } = await prepare()
    const { code, stdout } = await command(['customers', '--invite'])
    expect(code).toBe(0)
    expect(stdout).toMatch(/^ {2}https:\/\/admin\.microsoft\.com\/\S+invType=ResellerRelationship\S+$/m)
  })

  test('--invite without a user is refused before anything is sent', async () => {
    const { operations, ...server } = await prepare()
    const result = await run(['customers', '--invite'], { env: emulatorEnvironment(server) })
    expect(complaint(result)).toBe(
      '--invite needs a signed-in user: the service does not give the link to an app. Run "devicebatch login" first.',
    )
    expect(operations()).toEqual([])
  })

  test('--invite with a text is refused', async () => {
    const { command, operations } = await prepare()
    expect(complaint(await command(['customers', 'Contoso', '--invite']), 2)).toMatch(
      /^--invite takes no TEXT/,
    )
    expect(operations()).toEqual([])
  })
})
