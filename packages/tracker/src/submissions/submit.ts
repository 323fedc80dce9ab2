/** Accepts an upload: checks it, and stores it with its job in one transaction. */
import { createHash, randomUUID } from 'node:crypto'

import type { Identifiers } from '@devicebatch/client'
import { InvalidArgumentError, planUpload } from '@devicebatch/client'
import type { NewDevice } from '@devicebatch/contract'
import { checkGuid, checkNames } from '@devicebatch/edge/internal'
import type { RawBuilder, Transaction } from 'kysely'
import { sql } from 'kysely'

import type { ActionOptions } from '../control/actor.ts'
import { actorOf, named } from '../control/actor.ts'
import type { Database } from '../database/open-database.ts'
import type { SubmissionSettings, Tables } from '../database/schema.ts'
import { isStorable, longestText } from '../database/text.ts'
import { transact } from '../database/transact.ts'
import { addEvent } from '../events/write.ts'
import type { Jobs } from '../queue/jobs.ts'
import type { SubmissionPriority } from './priority.ts'
import { priorityLevel } from './priority.ts'
import { pageSize } from './sent-rows.ts'

/** An upload to submit. */
export interface SubmitRequest extends SubmissionSettings, ActionOptions {
  /** The customer's Microsoft Entra tenant ID, a GUID. */
  customerId: string
  /**
   * The name of the batch, which users later see as the group tag. The batch is created if it does not exist; otherwise the
   * devices are added to it.
   */
  batchId: string
  /** The devices, in any number; see `uploadDevices` of `@devicebatch/client`. */
  devices: Iterable<NewDevice> | AsyncIterable<NewDevice>
  /**
   * Whether it is uploaded before or after the other waiting submissions, of all customers: `'high'` ones first, `'low'`
   * ones when no other is waiting. It changes nothing for what is being uploaded already, nor for polls. Default `'normal'`.
   */
  priority?: SubmissionPriority | undefined
  /**
   * A GUID for this submission. Default: a new one. Passing the same ID again, for example after a crash, submits only once.
   */
  submissionId?: string | undefined
}

const requestNames: Readonly<Record<keyof SubmitRequest, true>> = {
  customerId: true,
  batchId: true,
  devices: true,
  priority: true,
  submissionId: true,
  chunkSize: true,
  maxChunkBytes: true,
  settleTimeoutMs: true,
  by: true,
}

/** Stores a submission. Rejects with `InvalidArgumentError` for invalid input, and then stores nothing. */
export async function storeSubmission(
  { database, jobs }: { database: Database; jobs: Jobs },
  request: SubmitRequest,
): Promise<string> {
  checkNames(request, requestNames)
  const { customerId, batchId, submissionId = randomUUID() } = request ?? ({} as SubmitRequest)
  checkGuid('customerId', customerId)
  const id = checkGuid('submissionId', submissionId).toLowerCase()
  const priority = priorityLevel(request.priority)
  const by = actorOf(request.by)
  const pages = await readPages(request)
  const { chunkSize, maxChunkBytes, settleTimeoutMs } = request
  const digest = digestOf(pages)
  await transact(database.kysely, async (trx) => {
    const stored = await trx
      .insertInto('submissions')
      .values({
        id,
        customer_id: customerId,
        batch_id: batchId,
        state: 'queued',
        device_count: pages.reduce((sum, page) => sum + page.count, 0),
        settings: JSON.stringify({ chunkSize, maxChunkBytes, settleTimeoutMs }),
        digest,
        priority,
        turn: nextTurn(customerId, priority),
        submitted_by: by,
      })
      .onConflict((conflict) => conflict.column('id').doNothing())
      .returning(['device_count', 'turn'])
      .executeTakeFirst()
    if (!stored) {
      await refuseOther(trx, id, request, digest)
      return
    }
    for (const { fromIndex, json } of pages) {
      await trx
        .insertInto('submission_devices')
        .values({ submission_id: id, from_index: fromIndex, devices: json })
        .execute()
    }
    const data = { batchId, deviceCount: stored.device_count, ...named(by) }
    await addEvent(trx, { type: 'submission.queued', customerId, submissionId: id, data })
    await jobs.sendUpload(trx, { id, customer_id: customerId, turn: stored.turn, priority })
  })
  return id
}

/**
 * Customers take turns: a submission queues behind the last waiting one of its customer; a customer without waiting submissions
 * joins the current round; each priority has rounds of its own. So a customer with one upload never waits for all uploads of another.
 */
export function nextTurn(customerId: string, priority: number): RawBuilder<number> {
  return sql<number>`greatest(
    (select coalesce(min(turn), 0) from devicebatch.submissions where state = 'queued' and priority = ${priority}),
    (select coalesce(max(turn) + 1, 0) from devicebatch.submissions
      where state = 'queued' and customer_id = ${customerId} and priority = ${priority}))`
}

interface Page {
  fromIndex: number
  count: number
  json: string
}

/** The devices as they are stored, after the checks that their upload will make. */
async function readPages(request: SubmitRequest): Promise<Page[]> {
  const { customerId, batchId, devices, chunkSize, maxChunkBytes, settleTimeoutMs } = request
  const pages: Page[] = []
  let page: string[] = []
  let index = 0
  const close = (): void => {
    if (page.length > 0)
      pages.push({ fromIndex: index - page.length, count: page.length, json: `[${page.join()}]` })
    page = []
  }
  async function* read(): AsyncGenerator<NewDevice, void, undefined> {
    for await (const device of devices) {
      yield device
      checkIdentifiers(device, index)
      page.push(JSON.stringify(device))
      index++
      if (page.length === pageSize) close()
    }
    close()
  }
  const isIterable =
    typeof devices === 'object' &&
    devices !== null &&
    (Symbol.iterator in devices || Symbol.asyncIterator in devices)
  await planUpload({
    customerId,
    batchId,
    devices: isIterable ? read() : devices,
    chunkSize,
    maxChunkBytes,
    settleTimeoutMs,
  })
  return pages
}

/** Results are matched to devices by these, so they must be stored exactly as they are sent. */
function checkIdentifiers(device: Identifiers, index: number): void {
  for (const name of ['serialNumber', 'productKey'] as const) {
    const value = device[name] ?? ''
    if (isStorable(value)) continue
    const [what, fix] =
      value.length > longestText
        ? [
            `is ${value.length.toLocaleString('en-US')} characters long`,
            'Pass a hardware hash as `hardwareHash`.',
          ]
        : ['contains a NUL or a lone surrogate', 'Correct it in the source of the devices.']
    throw new InvalidArgumentError(
      `\`devices[${index}].${name}\` must be text of at most ${longestText} characters; it ${what}. ${fix}`,
    )
  }
}

/** Recognizes the same devices when a submission is repeated. */
function digestOf(pages: readonly Page[]): string {
  const hash = createHash('sha256')
  for (const { json } of pages) hash.update(json)
  return hash.digest('base64url')
}

async function refuseOther(
  trx: Transaction<Tables>,
  id: string,
  { customerId, batchId }: SubmitRequest,
  digest: string,
): Promise<void> {
  const known = await trx
    .selectFrom('submissions')
    .select(['customer_id', 'batch_id', 'digest'])
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
  const isOther = known.customer_id !== customerId.toLowerCase() || known.batch_id !== batchId
  const what = isOther
    ? `belongs to a submission for batch ${JSON.stringify(known.batch_id)} of customer ${known.customer_id}`
    : known.digest !== null && known.digest !== digest && 'belongs to a submission with other devices'
  if (what) throw new InvalidArgumentError(`\`submissionId\` ${id} ${what}. Use a new GUID.`)
}
