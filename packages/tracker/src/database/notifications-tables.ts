/** The tables of notifications: where they are sent, what is sent, and what was reported already. */
import type { Kysely } from 'kysely'

import { runStatements } from './run-statements.ts'

/**
 * The outbox: a notification is written in the transaction that makes it true, one row for each webhook. The `sequence` is taken
 * under the lock of its submission or upload, so that it orders what happened to each.
 */
export function createNotifications(db: Kysely<unknown>): Promise<void> {
  return runStatements(db, [
    `create table devicebatch.webhooks (
      id uuid primary key default gen_random_uuid(),
      name text not null unique,
      format text not null,
      url text not null,
      secrets json not null,
      types text[],
      created_at timestamptz not null default now(),
      disabled_at timestamptz
    )`,
    `create table devicebatch.notifications (
      id uuid primary key default gen_random_uuid(),
      webhook_id uuid not null references devicebatch.webhooks on delete cascade,
      sequence bigint generated always as identity,
      subject text not null,
      type text not null,
      at timestamptz not null,
      payload text not null,
      state text not null default 'pending' check (state in ('pending', 'delivered', 'dead')),
      attempts integer not null default 0,
      due_at timestamptz not null default now(),
      attempted_at timestamptz,
      status integer,
      error text
    )`,
    'create unique index on devicebatch.notifications (sequence)',
    `create index on devicebatch.notifications (webhook_id, subject, sequence) where state = 'pending'`,
    'create index on devicebatch.notifications (webhook_id, state)',
    'create index on devicebatch.notifications (at)',
    // What has been reported and is not over: it is reported once.
    `create table devicebatch.troubles (
      kind text primary key,
      since timestamptz not null default now()
    )`,
  ])
}

/** Whether it was reported that a worker is gone. */
export function addReportedWorkers(db: Kysely<unknown>): Promise<void> {
  return runStatements(db, ['alter table devicebatch.workers add column reported_at timestamptz'])
}

/** Whether it was reported that all uploads of a submission have ended: not the same as whether its devices are still needed. */
export function addUploadsEnded(db: Kysely<unknown>): Promise<void> {
  return runStatements(db, [
    'alter table devicebatch.submissions add column uploads_ended_at timestamptz',
    `update devicebatch.submissions s set uploads_ended_at = coalesce(s.ended_at, now())
      where (s.devices_to_retry is not null or s.state = 'cancelled')
        and not exists (select from devicebatch.uploads u where u.submission_id = s.id and u.state <> 'ended')`,
    `delete from devicebatch.submission_devices where submission_id in (
      select id from devicebatch.submissions where state = 'cancelled' and uploads_ended_at is not null)`,
  ])
}
