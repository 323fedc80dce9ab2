import { parseBatchLocation } from '@devicebatch/edge'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { batchTrackingId, customerId, thrown, upload } from './helpers.ts'

const path = `/customers/${customerId}/batchJobStatus/${batchTrackingId}`

describe('parseBatchLocation', () => {
  test.each([
    path,
    `/v1${path}`,
    path.slice(1),
    `v1${path}`,
    `https://api.partnercenter.microsoft.com${path}`,
    `https://api.partnercenter.microsoft.com/v1${path}`,
    `https://api.partnercenter.microsoft.com:443//v1/${path}`,
    `http://localhost:8080/v1${path}`,
    `//v1//customers//${customerId}//batchJobStatus//${batchTrackingId}`,
    `/v1/customers/${customerId}/batchjobstatus/${batchTrackingId}`,
    `/V1/CUSTOMERS/${customerId}/BATCHJOBSTATUS/${batchTrackingId}`,
    `${path}/`,
    `${path}?api-version=1`,
    `${path}#top`,
  ])('reads %s', (location) => {
    expect(parseBatchLocation(location)).toEqual(upload)
  })

  test('keeps the case of the IDs', () => {
    expect(parseBatchLocation(path.replace(customerId, customerId.toUpperCase())).customerId).toBe(
      customerId.toUpperCase(),
    )
  })

  test.each<unknown>([
    '',
    '/',
    batchTrackingId,
    `/batchJobStatus/${batchTrackingId}`,
    `/customers/${customerId}/deviceBatches/${batchTrackingId}`,
    `/customers/${customerId}/batchJobStatus`,
    `/v2${path}`,
    `/other${path}`,
    `${path}/more`,
    ` ${path}`,
    `ftp://api.partnercenter.microsoft.com${path}`,
    `https://evil.example?${path}`,
    undefined,
    null,
    5,
    {},
  ])('rejects %j, and explains the expected format', (location) => {
    const error = thrown(() => parseBatchLocation(location as string))
    expect(error).toMatchObject({ code: 'invalid-argument' })
    expect(error.message).toMatch(
      /^`location` must look like \/customers\/\{customerId\}\/batchJobStatus\/\{batchTrackingId\}; got /,
    )
  })

  test.each([
    [`/customers/x/batchJobStatus/${batchTrackingId}`, 'customerId'],
    [`/customers/../batchJobStatus/${batchTrackingId}`, 'customerId'],
    [`/customers/${customerId}/batchJobStatus/x`, 'batchTrackingId'],
    [`${path}\n`, 'batchTrackingId'],
    [`/customers/${customerId}/batchJobStatus/%30127ed8e-ff72-4983-a3d8-e8d8bd378932`, 'batchTrackingId'],
  ])('rejects %s because of its IDs', (location, name) => {
    expect(thrown(() => parseBatchLocation(location)).message).toMatch(
      new RegExp(`^\`${name}\` must be a GUID`),
    )
  })

  test('does not quote a user name, a query or a fragment', () => {
    for (const location of [
      'https://user:hush@example.com/x',
      'https:/user:hush@example.com/x',
      'https://user:a/hush@example.com/x',
      '/x?sig=hush',
      '/x#hush',
      '/x?\nhush',
    ]) {
      expect(thrown(() => parseBatchLocation(location)).message).not.toContain('hush')
    }
  })

  test('reads every form of every pair of IDs', () => {
    const slashes = fc.constantFrom('/', '//')
    const letters = fc.constantFrom(
      (text: string) => text,
      (text: string) => text.toLowerCase(),
      (text: string) => text.toUpperCase(),
    )
    fc.assert(
      fc.property(
        fc.uuid(),
        fc.uuid(),
        fc.constantFrom('', 'https://example.com', 'HTTP://[::1]:80', 'https://a.b:8443'),
        fc.constantFrom('', 'v1'),
        slashes,
        slashes,
        letters,
        fc.constantFrom('', '/', '?x', '/?x#y'),
        (customerId, batchTrackingId, host, version, a, b, word, end) => {
          const location = `${host}${a}${version && word(version) + b}${word('customers')}${b}${customerId}${a}${word('batchJobStatus')}${b}${batchTrackingId}${end}`
          expect(parseBatchLocation(location)).toEqual({ customerId, batchTrackingId })
        },
      ),
      { numRuns: 500 },
    )
  })

  test('returns two GUIDs or throws an InvalidArgumentError, whatever it is given', () => {
    const piece = fc.constantFrom(
      '/',
      '//',
      'customers',
      'batchJobStatus',
      'v1',
      customerId,
      batchTrackingId,
      'https://',
      'a.b',
      '?',
      '#',
      '..',
      '\n',
      '%2F',
      'x',
    )
    fc.assert(
      fc.property(
        fc.oneof(
          fc.anything(),
          fc.string(),
          fc.array(piece).map((pieces) => pieces.join('')),
        ),
        (location) => {
          try {
            const ids = parseBatchLocation(location as string)
            expect(Object.values(ids).every((id) => /^[\da-f-]{36}$/i.test(id))).toBe(true)
          } catch (error) {
            expect(error).toMatchObject({ code: 'invalid-argument' })
          }
        },
      ),
      { numRuns: 1_000 },
    )
  })

  test('is fast with text crafted to be slow', () => {
    // In microseconds of CPU, which other processes do not add to.
    const before = process.cpuUsage()
    for (const text of [
      '/'.repeat(100_000),
      `/customers${'/'.repeat(100_000)}`,
      `/customers/${'a/'.repeat(50_000)}`,
      `https://${'a'.repeat(100_000)}`,
    ]) {
      thrown(() => parseBatchLocation(text))
    }
    expect(process.cpuUsage(before).user).toBeLessThan(1_000_000)
  })
})
