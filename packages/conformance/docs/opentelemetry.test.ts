/** Runs docs/recipes/opentelemetry.md against the emulator, with OpenTelemetry's own SDK. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import type { PartnerCenter } from '@devicebatch/client'
import { createEmulator, documentedUpload } from '@devicebatch/emulator'
import { serve } from '@devicebatch/emulator/node'
import { context, trace } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base'
import { expect, test } from 'vitest'

test('the recipe creates a span for each attempt and token, under the active span, and an event for each wait', async () => {
  const exporter = new InMemorySpanExporter()
  trace.setGlobalTracerProvider(
    new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }),
  )
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())

  const emulator = createEmulator()
  await using server = await serve({ emulator })
  emulator.faults.add({
    operation: 'getBatchUploadStatus',
    times: 1,
    effect: { kind: 'answer', status: 503 },
  })
  process.env.DEVICEBATCH_BASE_URL = server.baseUrl
  process.env.DEVICEBATCH_TOKEN = 'not a token of the emulator'.replaceAll(' ', '-')
  const { partner } = await loadRecipe()

  await trace.getTracer('test').startActiveSpan('the whole', async (span) => {
    await partner.customers
      .byId(documentedUpload.customerId)
      .batchUploadStatus.byId(documentedUpload.batchTrackingId)
      .get()
      .catch(() => {})
    span.end()
  })

  const spans = exporter.getFinishedSpans()
  const whole = spans.find(({ name }) => name === 'the whole')!
  const path = '/customers/{customerId}/batchJobStatus/{batchTrackingId}'
  const attempts = spans.filter(({ name }) => name === `GET ${path}`)
  expect(attempts.map(({ attributes }) => attributes['http.response.status_code'])).toEqual([503, 401])
  expect(attempts.map(({ attributes }) => attributes['http.request.resend_count'])).toEqual([0, 1])
  expect(attempts.map(({ attributes }) => attributes['error.type'])).toEqual(['503', '401'])
  expect(new Set(attempts.map(({ attributes }) => attributes['devicebatch.request_id'])).size).toBe(1)
  for (const span of spans.filter((one) => one !== whole)) {
    expect(span.parentSpanContext?.spanId).toBe(whole.spanContext().spanId)
  }
  expect(spans.some(({ name }) => name === 'partner center token')).toBe(true)
  expect(whole.events.map(({ name }) => name)).toEqual(['wait: server-error'])
  expect(JSON.stringify(spans.map(({ name, attributes }) => [name, attributes]))).not.toContain(
    documentedUpload.customerId,
  )
})

/** The recipe's block as a module of its own. */
async function loadRecipe(): Promise<{ partner: PartnerCenter }> {
  const directory = join(import.meta.dirname, '../.results')
  const file = join(directory, 'opentelemetry-recipe.ts')
  const recipe = readFileSync(join(import.meta.dirname, '../../../docs/recipes/opentelemetry.md'), 'utf8')
  mkdirSync(directory, { recursive: true })
  writeFileSync(file, /```ts\n([\s\S]*?)```/.exec(recipe)![1]!)
  return import(file) as Promise<{ partner: PartnerCenter }>
}
