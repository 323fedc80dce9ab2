/** A notification as an Adaptive Card, for a Workflows (Power Automate) webhook of Teams. */
import type { DeviceCounts } from '@devicebatch/client'

import type { RecordedError } from '../database/schema.ts'
import type {
  Notification,
  NotifiedCause,
  SubmissionEndedNotification,
  UploadEndedNotification,
} from './notification.ts'

/** The message that such a webhook accepts. */
export interface CardMessage {
  type: 'message'
  attachments: { contentType: 'application/vnd.microsoft.card.adaptive'; contentUrl: null; content: object }[]
}

/** Makes the card. All texts are shown as they are: a text run has no Markdown, so that no name can add a link. */
export function toCard(notification: Notification): CardMessage {
  const content = {
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    type: 'AdaptiveCard',
    version: '1.4',
    body: [
      textBlock(titleOf(notification), { weight: 'Bolder', size: 'Medium' }),
      ...factsOf(notification)
        .filter(([, value]) => value !== undefined && value !== '')
        .map(([label, value]) => textBlock(`${label}: ${value}`)),
    ],
  }
  return {
    type: 'message',
    attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', contentUrl: null, content }],
  }
}

function textBlock(text: string, style: object = {}): object {
  return { type: 'RichTextBlock', inlines: [{ type: 'TextRun', text: text.slice(0, longestText), ...style }] }
}

/** A message of Teams has at most 28 KB. */
const longestText = 600

const titles: Record<Exclude<Notification['type'], 'submission.ended' | 'upload.ended'>, string> = {
  'submission.failed': 'Partner Center refused a submission',
  'submission.stuck': 'A submission cannot be uploaded; it is retried',
  'upload.stuck': 'An upload cannot be polled; it is retried',
  'upload.stopped': 'An upload is no longer polled',
  'signin.failed': 'The sign-in to Partner Center failed',
  'worker.gone': 'A worker ended without closing',
  'webhook.test': 'This is a test of devicebatch',
}

function titleOf(notification: Notification): string {
  if (notification.type !== 'submission.ended' && notification.type !== 'upload.ended')
    return titles[notification.type]
  const title = resultTitle(notification)
  return notification.data.emulated ? `${title} (in the emulator)` : title
}

function resultTitle({ type, data }: SubmissionEndedNotification | UploadEndedNotification): string {
  if ('devicesCancelled' in data) return 'A submission was cancelled'
  const { total, succeeded, alreadyRegistered } = data.counts
  // Devices that did not reach the service, or may not have, are not among the counts.
  const isLacking = 'devicesToRetry' in data && (data.devicesToRetry > 0 || data.devicesInDoubt !== undefined)
  const isGood = total > 0 && total === succeeded + alreadyRegistered && !isLacking
  return `${isGood ? 'All' : 'Some'} devices of ${type === 'upload.ended' ? 'an upload' : 'a submission'} are ${isGood ? '' : 'not '}registered`
}

type Fact = readonly [label: string, value: string | undefined]

function factsOf({ type, timestamp, data }: Notification): readonly Fact[] {
  const about: Fact[] = []
  if ('customerId' in data) about.push(['Customer', data.customerName ?? data.customerId])
  if ('batchId' in data) about.push(['Batch', data.batchId])
  if ('submittedBy' in data) about.push(['Submitted by', data.submittedBy])
  if ('cancelledBy' in data) about.push(['Cancelled by', data.cancelledBy])
  if ('devicesCancelled' in data)
    about.push(['Not sent', `${data.devicesCancelled} of ${data.deviceCount} devices`])
  if ('counts' in data) about.push(...resultFacts(data.counts, data.causes))
  if ('devicesInDoubt' in data) about.push(['May not have been sent', `${data.devicesInDoubt} devices`])
  if ('devicesToRetry' in data && data.devicesToRetry > 0)
    about.push(['Can be retried', `${data.devicesToRetry}`])
  if ('error' in data) about.push(...errorFacts(data.error))
  if ('submissionId' in data) about.push(['Submission', data.submissionId])
  if ('batchTrackingId' in data) about.push(['Tracking ID', data.batchTrackingId])
  if (type === 'worker.gone') about.push(['Worker', data.worker], ['Last seen', data.lastSeenAt])
  if (type === 'webhook.test') about.push(['Webhook', data.webhook])
  return [...about, ['Time', timestamp]]
}

function resultFacts(
  { total, succeeded, alreadyRegistered, failed, unresolved }: DeviceCounts,
  causes: readonly NotifiedCause[],
): Fact[] {
  return [
    [
      'Devices',
      `${total}: ${succeeded} succeeded, ${alreadyRegistered} already registered, ${failed} failed, ${unresolved} unresolved`,
    ],
    ...causes.map(({ errorCode = '', errorDescription = '', devices }): Fact => [
      `Error ${errorCode}`.trim(),
      `${errorDescription} (${devices})`.trim(),
    ]),
  ]
}

function errorFacts({ message, requestId }: RecordedError): Fact[] {
  return [
    ['Error', message],
    ['MS-RequestId', requestId],
  ]
}
