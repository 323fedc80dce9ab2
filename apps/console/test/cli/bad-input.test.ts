/** Bad input gets one line with a remedy, exit code 2 (1 if it is a setting or the service), and no stack trace; nothing is sent. */
import { spawnSync } from 'node:child_process'
import { createServer } from 'node:http'

import { expect, test } from 'vitest'

import type { Run } from '../command.ts'
import { customer, deviceFile, makeFolder, run, emulatorEnvironment, startEmulator } from '../command.ts'

const trackingId = '0127ed8e-ff72-4983-a3d8-e8d8bd378932'

/** The single line, without the name of the command. */
function complaint({ code, stderr }: Run, expected = 2): string {
  expect(code, stderr).toBe(expected)
  const [, line = ''] = /^devicebatch: ([^\n]+)\n$/.exec(stderr) ?? []
  expect(line, stderr).not.toBe('')
  return line
}

test.for(['', ' ', '47021739-3426-40bf-9601-61b4b6d7c79', '{47021739-3426-40bf-9601}'])(
  'the customer ID %j is rejected before any request',
  async (id) => {
    const { url, emulator } = await startEmulator()
    const folder = await makeFolder()
    const file = await folder.write('devices.csv', deviceFile('A1'))
    const line = complaint(await run(['upload', file, '--customer', id, '--batch', 'B', '--emulator', url]))
    expect(line).toMatch(/^The customer must be a tenant ID such as .*, a domain such as /)
    expect(line).toContain(`got ${JSON.stringify(id.trim())}.`)
    expect(emulator.requests).toEqual([])
  },
)

test.for([
  ['list', 'succeded', 'pending, succeeded, failed, partially-failed, unknown'],
  ['export', 'alreadyRegistered', 'pending, succeeded, already-registered, failed, unresolved'],
])(
  'tracker %s rejects the unknown outcome %s and lists the known ones',
  async ([command, outcome, known]) => {
    const { code, stderr } = await run(['tracker', command!, '--outcome', outcome!])
    expect(code).toBe(2)
    expect(stderr).toContain(`'${outcome}' is invalid. Allowed choices are ${known}.`)
  },
)

test.for(['status', 'watch'])('%s rejects a malformed tracking ID before any request', async (command) => {
  const { url, emulator } = await startEmulator()
  const line = complaint(await run([command, '42', '--customer', customer, '--emulator', url]))
  expect(line).toMatch(/^The tracking ID must be a GUID such as .*; got "42"\.$/)
  expect(emulator.requests).toEqual([])
})

test.for(['status', 'watch'])('%s without a customer says how to pass it', async (command) => {
  const { url, emulator } = await startEmulator()
  const line = complaint(await run([command, trackingId, '--emulator', url]))
  expect(line).toBe(
    "--customer is missing. Pass the customer's tenant ID, a domain or the beginning of its name, or the whole Location instead of the tracking ID.",
  )
  expect(emulator.requests).toEqual([])
})

test('an invalid Location is rejected, and so is one of another customer', async () => {
  const { url, emulator } = await startEmulator()
  expect(complaint(await run(['status', '/batches/1', '--emulator', url]))).toMatch(
    /^The Location must look like /,
  )
  const location = `/customers/${customer}/batchJobStatus/${trackingId}`
  const other = await run(['status', location, '--customer', trackingId, '--emulator', url])
  expect(complaint(other)).toBe(
    `The Location belongs to customer ${customer}, but --customer is "${trackingId}". Leave out --customer.`,
  )
  expect(emulator.requests).toEqual([])
})

test.for(['.', 'a/b', ''])('the batch name %j is rejected', async (batch) => {
  const { url, calls } = await startEmulator()
  const folder = await makeFolder()
  const file = await folder.write('devices.csv', deviceFile('A1'))
  const line = complaint(
    await run(['upload', file, '--customer', customer, '--batch', batch, '--emulator', url]),
  )
  expect(line).toMatch(/^The batch name must be a non-empty string /)
  expect(calls()).toEqual([])
})

test.for([
  ['api.partnercenter.microsoft.com/v1', '"api.partnercenter.microsoft.com/v1"'],
  ['http://api.partnercenter.microsoft.com/v1', '"http://api.partnercenter.microsoft.com/v1"'],
  ['https://api.partnercenter.microsoft.com', '"https://api.partnercenter.microsoft.com'],
] as const)('the base URL %s is rejected', async ([baseUrl, shown]) => {
  const env = {
    ...emulatorEnvironment({ url: 'http://127.0.0.1:9', baseUrl }),
    DEVICEBATCH_BASE_URL: baseUrl,
  }
  const line = complaint(await run(['status', trackingId, '--customer', customer], { env }), 1)
  expect(line).toMatch(/^DEVICEBATCH_BASE_URL must be an https URL .* that ends in \/v1, such as https:/)
  expect(line).toContain(shown)
})

test('an unknown cloud is rejected with the known ones', async () => {
  const {
    DEVICEBATCH_BASE_URL: _,
    DEVICEBATCH_AUTHORITY_HOST: __,
    ...env
  } = emulatorEnvironment({ url: '', baseUrl: '' })
  const result = await run(['status', trackingId, '--customer', customer], {
    env: { ...env, DEVICEBATCH_CLOUD: 'moon' },
  })
  expect(complaint(result, 1)).toMatch(/^DEVICEBATCH_CLOUD must be one of global, .*china; got "moon"\./)
})

test.for([
  [
    {},
    'DEVICEBATCH_TENANT_ID, DEVICEBATCH_CLIENT_ID, DEVICEBATCH_CLIENT_SECRET. Set them there or in a file for --env-file',
  ],
  [{ DEVICEBATCH_TENANT_ID: 't', DEVICEBATCH_CLIENT_ID: 'c' }, 'DEVICEBATCH_CLIENT_SECRET. Set it'],
  [
    { DEVICEBATCH_TENANT_ID: 't', DEVICEBATCH_CLIENT_ID: 'c', DEVICEBATCH_CLIENT_SECRET: ' ' },
    'DEVICEBATCH_CLIENT_SECRET. Set it',
  ],
] as const)('without credentials exactly what is missing is named: %j', async ([env, missing]) => {
  const folder = await makeFolder()
  const file = await folder.write('devices.csv', deviceFile('A1'))
  const line = complaint(await run(['upload', file, '--customer', customer, '--batch', 'B'], { env }), 1)
  expect(line).toContain(`Not set in the environment: ${missing}`)
  expect(line).toContain('run "devicebatch demo"')
})

test('upload reports what is wrong in the order in which a user corrects it, and credentials last', async () => {
  const folder = await makeFolder()
  await folder.write('names.csv', 'Name,Age\nx,1\n')
  await folder.write('devices.csv', deviceFile('A1'))
  const batch = ['--batch', 'B']
  const steps: [string[], RegExp, number][] = [
    [[], /^missing required argument 'file'/, 2],
    [['none.csv'], /^required option '--batch <name>' not specified/, 2],
    [['none.csv', ...batch], /^--customer is missing\./, 2],
    [['none.csv', ...batch, '--customer', '47021739-3426-40bf-9601'], /^The customer must be a tenant ID/, 2],
    [
      ['none.csv', ...batch, '--customer', customer],
      /^The device file none\.csv cannot be read: there is no such/,
      2,
    ],
    [['names.csv', ...batch, '--customer', customer], /^names\.csv: .*not a known header/, 2],
    [
      ['devices.csv', ...batch, '--customer', customer, '--results', 'none/out.csv'],
      /^The results folder /,
      2,
    ],
    [['devices.csv', ...batch, '--customer', customer], /^Not set in the environment: /, 1],
  ]
  for (const [args, message, code] of steps) {
    const result = await run(['upload', ...args], { cwd: folder.path })
    expect(result.code, result.stderr).toBe(code)
    expect(result.stderr.replace('devicebatch: ', '')).toMatch(message)
  }
})

test.for([
  [['watch', trackingId, '--customer', customer, '--file', 'none.csv'], /none\.csv cannot be read/],
  [['customers', 'contoso', '--invite'], /^--invite takes no TEXT/],
  [['devices', 'a/b', '--customer', customer], /^The batch name must be a non-empty string/],
  [['delete', 'B', '--customer', customer], /^Name the devices by their serial numbers/],
  [['assign', 'B', 'A1', '--policy', ' ', '--customer', customer], /^The policy name is empty/],
  [['policies', 'update', 'P', '--customer', customer], /^There is nothing to change/],
] as const)('%j is refused before credentials are needed', async ([args, message]) => {
  expect(complaint(await run(args))).toMatch(message)
})

const header = 'Device Serial Number,Windows Product ID,Hardware Hash,Manufacturer name,Device model'

test.for([
  ['empty.csv', '', /empty.csv: The device file is empty: it needs a header/],
  [
    'rows.csv',
    `${header}\n`,
    /rows.csv has no device to send: it has no rows\. Nothing was uploaded\. Correct the file /,
  ],
  ['bad.csv', `${header}\nA1,,,,\n`, /bad.csv has no device to send: its only row cannot be sent/],
  [
    'book.csv',
    new TextEncoder().encode(`PK\u0003\u0004${'\0'.repeat(26)}[Content_Types].xml`),
    /is an Excel workbook .*save it as "CSV UTF-8"\.$/,
  ],
  [
    'raw.csv',
    new Uint8Array([1, 0, 2, 3, 4, 5, 6]),
    /raw.csv: The device file is binary.*Export the list as "CSV/,
  ],
  [
    'names.csv',
    'Name,Age\nx,1\n',
    /not a known header: it has "Name", "Age"\. Give the columns these names, in a line above the first device: Device/,
  ],
] as const)('the file %s is rejected', async ([name, content, message]) => {
  const { url, calls } = await startEmulator()
  const folder = await makeFolder()
  const file = await folder.write(name, content)
  const line = complaint(
    await run(['upload', file, '--customer', customer, '--batch', 'B', '--emulator', url]),
  )
  expect(line).toMatch(message)
  expect(calls()).toEqual([])
})

test
  .runIf(process.platform !== 'win32')
  .for([
    'upload --batch B',
    'upload --batch B --results nowhere/results.csv',
    'tracker submit --batch B',
    `watch ${trackingId} --file`,
  ])('a pipe or a device in place of the device file is rejected before it is opened: %s', async (words) => {
  const { path } = await makeFolder()
  const pipe = `${path}/devices.csv`
  spawnSync('mkfifo', [pipe])
  for (const file of ['/dev/null', pipe]) {
    expect(complaint(await run([...words.split(' '), file, '--customer', customer]))).toBe(
      `The device file ${file} is a pipe or a device, which can be read only once. Save its content to a file first.`,
    )
  }
})

test('a missing file, and a folder in its place, are rejected', async () => {
  const { url, emulator } = await startEmulator()
  const { path } = await makeFolder()
  const upload = (file: string): Promise<Run> =>
    run(['upload', file, '--customer', customer, '--batch', 'B', '--emulator', url])
  expect(complaint(await upload(`${path}/none.csv`))).toBe(
    `The device file ${path}/none.csv cannot be read: there is no such file or folder. Check the path.`,
  )
  expect(complaint(await upload(`${path}/none/none.csv`))).toBe(
    `The device file ${path}/none/none.csv cannot be read: there is no such file or folder. Check the path.`,
  )
  expect(complaint(await upload(path))).toBe(
    `The device file ${path} cannot be read: it is a folder. Name a file.`,
  )
  expect(emulator.requests).toEqual([])
})

test('results that could not be written, or would replace the device file, are rejected before anything is sent', async () => {
  const { url, emulator } = await startEmulator()
  const folder = await makeFolder()
  const file = await folder.write('devices.csv', deviceFile('A1'))
  const upload = (results: string): Promise<Run> =>
    run(['upload', file, '--customer', customer, '--batch', 'B', '--emulator', url, '--results', results])
  expect(complaint(await upload(`${folder.path}/none/out.csv`))).toMatch(
    /^The results folder .*\/none cannot be written to .*no such file or folder/,
  )
  expect(complaint(await upload(folder.path))).toMatch(/^--results .* is a folder\. Name a file in it\.$/)
  expect(complaint(await upload(file))).toMatch(
    /^--results .* is the device file itself\. Name another file\.$/,
  )
  expect(emulator.requests).toEqual([])
})

test('an emulator that does not respond is reported with how to start one', async () => {
  const line = complaint(
    await run(['status', trackingId, '--customer', customer, '--emulator', 'http://127.0.0.1:9']),
    1,
  )
  expect(line).toMatch(
    /^No emulator responds at http:\/\/127\.0\.0\.1:9\. Start one with npx .*devicebatch-emulator/,
  )
})

test('a server that is not an emulator gets no devices', async () => {
  const asked: string[] = []
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`)
    response.end('{}')
  }).listen(0, '127.0.0.1')
  try {
    await new Promise((resolve) => server.once('listening', resolve))
    const { port } = server.address() as { port: number }
    const folder = await makeFolder()
    const file = await folder.write('devices.csv', deviceFile('A1'))
    const url = `http://127.0.0.1:${port}`
    const line = complaint(
      await run(['upload', file, '--customer', customer, '--batch', 'B', '--emulator', url]),
      1,
    )
    expect(line).toMatch(/^The server at http:\S+ is not an emulator\./)
    expect(asked).toEqual(['GET /v1'])
  } finally {
    server.closeAllConnections()
    server.close()
  }
})

test.for(['https://api.partnercenter.microsoft.com/v1', 'http://192.0.2.1:7810', 'localhost'])(
  '--emulator %s is rejected: an emulator is on this machine',
  async (url) => {
    const line = complaint(await run(['status', trackingId, '--customer', customer, '--emulator', url]))
    expect(line).toMatch(/^--emulator must be the URL of an emulator on this machine, such as http:/)
  },
)

test('a service that does not respond is reported after the retries', async () => {
  const { url } = await startEmulator()
  const env = emulatorEnvironment({ url, baseUrl: 'http://127.0.0.1:9/v1' })
  const line = complaint(await run(['status', trackingId, '--customer', customer], { env }), 1)
  expect(line).toMatch(/Check the network and the base URL/)
})

test('a wrong secret is named, is not shown, and nothing is sent', async () => {
  const server = await startEmulator()
  const folder = await makeFolder()
  const file = await folder.write('devices.csv', deviceFile('A1'))
  const env = { ...emulatorEnvironment(server), DEVICEBATCH_CLIENT_SECRET: 'wrong-as-can-be' }
  const result = await run(['upload', file, '--customer', customer, '--batch', 'B'], { env })
  const line = complaint(result, 1)
  expect(line).toContain('AADSTS7000215')
  expect(line).toMatch(/The client secret is wrong\. Use the value of the client secret, not its ID\./)
  expect(JSON.stringify(result)).not.toContain('wrong-as-can-be')
  expect(server.calls().map(({ operation }) => operation)).toEqual(['getToken'])
})

test('an error of the service is one line, however many its message has', async () => {
  const { url, emulator } = await startEmulator()
  const body = { code: 900150, description: 'first\nsecond \u001B[31mthird' }
  emulator.faults.add({ operation: 'getBatchUploadStatus', effect: { kind: 'answer', status: 403, body } })
  const line = complaint(await run(['status', trackingId, '--customer', customer, '--emulator', url]), 1)
  expect(line).toMatch(/returned 403 .*first second/)
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  expect(line).not.toMatch(/[\u0000-\u001F]/)
})

test('app-only sign-in that cannot create a batch is pointed to App+User sign-in', async () => {
  const server = await startEmulator({ quirks: { appOnlyMayCreate: false } })
  const folder = await makeFolder()
  const file = await folder.write('devices.csv', deviceFile('A1'))
  const result = await run(['upload', file, '--customer', customer, '--batch', 'B'], {
    env: emulatorEnvironment(server),
  })
  expect(complaint(result, 1)).toContain('returned 403')
  expect(result.stdout).toContain('run "devicebatch login" first')
})

test.for([
  [['uplaod'], /^devicebatch: unknown command 'uplaod'\n\(Did you mean upload\?\)\n/],
  [
    ['status', trackingId, '--custmer', customer],
    /^devicebatch: unknown option '--custmer'\n\(Did you mean --customer\?\)\n/,
  ],
  [
    ['upload', 'a.csv', '--batch', 'Front', 'desk'],
    /^devicebatch: too many arguments for 'upload'\. .*: a\.csv, desk\.\n\(Put a name that contains spaces in quotes\.\)\n/,
  ],
  [['upload'], /^devicebatch: missing required argument 'file'\n/],
  [['upload', 'a.csv'], /^devicebatch: required option '--batch <name>' not specified\n/],
  [
    ['watch', trackingId, '--interval', 'soon'],
    /^devicebatch: option '--interval <seconds>' argument 'soon' is invalid\. It must be a number of seconds above 0\.\n/,
  ],
  [['watch', trackingId, '--timeout', '0'], /number of seconds above 0/],
  [
    ['completion', 'tcsh'],
    /^devicebatch: argument <shell>: 'tcsh' is invalid\. Allowed choices are zsh, bash, /,
  ],
  [
    ['upload', 'a.csv', '--customer', customer, '--batch', 'B', '--chunk-size', '1.5'],
    /option '--chunk-size <number>' argument '1\.5' is invalid\. It must be a whole number above 0\.\n/,
  ],
] as const)(
  'the arguments %j are rejected with the problem and where to find help',
  async ([args, message]) => {
    const { code, stdout, stderr } = await run(args)
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toMatch(message)
    expect(stderr).toContain('--help')
  },
)

test('an unknown command with a known meaning suggests the right command', async () => {
  expect((await run(['retry', 'devices.csv'])).stderr).toMatch(
    /^devicebatch: unknown command 'retry'\n\(Did you mean upload FILE --retry, or tracker retry SUBMISSION-ID\?\)\n/,
  )
  expect((await run(['Sign-In'])).stderr).toContain('(Did you mean login?)')
  expect((await run(['constructor'])).stderr).toBe(
    "devicebatch: unknown command 'constructor'\n(--help lists the commands and options)\n",
  )
})

test.for([
  [
    ['retry', '--json'],
    "unknown command 'retry' (Did you mean upload FILE --retry, or tracker retry SUBMISSION-ID?)",
  ],
  [
    ['status', trackingId, '--custmer', customer, '--json'],
    "unknown option '--custmer' (Did you mean --customer?)",
  ],
  [['upload', '--json', 'a.csv'], "required option '--batch <name>' not specified"],
  [['policies', '--json'], "unknown option '--json'"],
] as const)('with --json the wrong arguments %j are a JSON error', async ([args, message]) => {
  const { code, stdout } = await run(args)
  expect(code).toBe(2)
  expect(JSON.parse(stdout)).toEqual({ error: { code: 'usage', message }, exitCode: 2 })
})

test.for([[], ['policies']])('without a command, %j prints the help and exits with 2', async (args) => {
  const { code, stdout, stderr } = await run(args)
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  expect(stderr).toContain('Commands:')
})
