/**
 * The versions of the schema, in order. A published version never changes: the next one is added after it. Each version only
 * adds, so that workers of the previous version keep running alongside it; what they no longer need is dropped one version
 * later.
 */
import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

import { addReportedWorkers, addUploadsEnded, createNotifications } from './notifications-tables.ts'
import { addFailureReasons, createOperations } from './operations-tables.ts'
import { lockPartnerSlotFirst } from './partner-slot-first.ts'
import { runStatements as run } from './run-statements.ts'

export const migrations: Readonly<Record<string, Migration>> = {
  '0001-tables': { up: createTables },
  '0002-request-slots': { up: createRequestSlots },
  '0003-kebab-case-outcomes': { up: renameOutcome },
  '0004-customer-names': { up: createCustomerNames },
  '0005-event-numbers': { up: createEventNumbers },
  '0006-serial-statistics': { up: createSerialStatistics },
  '0007-submission-digest': { up: addDigest },
  '0008-rate-limits': { up: createRateLimits },
  '0009-partner': { up: createPartner },
  '0010-notifications': { up: createNotifications },
  '0011-operations': { up: createOperations },
  '0012-reported-workers': { up: addReportedWorkers },
  '0013-device-indexes': { up: createDeviceIndexes },
  '0014-actors': { up: addActors },
  '0015-uploads-ended': { up: addUploadsEnded },
  '0016-failure-indexes': { up: createFailureIndexes },
  '0017-failure-reasons': { up: addFailureReasons },
  '0018-due-uploads': { up: createDueUploads },
  '0019-partner-slot-first': { up: lockPartnerSlotFirst },
}

function createTables(db: Kysely<unknown>): Promise<void> {
  return run(db, [
    `create table devicebatch.submissions (
      id uuid primary key,
      customer_id uuid not null,
      batch_id text not null,
      state text not null check (state in ('queued', 'uploading', 'accepted', 'failed')),
      device_count integer not null,
      settings json not null,
      upload_group json,
      attempt integer not null default 0,
      turn integer not null default 0,
      error json,
      created_at timestamptz not null default now(),
      ended_at timestamptz,
      devices_to_retry integer,
      retried_as uuid,
      retry_of uuid
    )`,
    'create index on devicebatch.submissions (customer_id, created_at)',
    'create index on devicebatch.submissions (created_at, id)',
    `create index on devicebatch.submissions (created_at) where state in ('queued', 'uploading')`,
    'create index on devicebatch.submissions (ended_at)',
    `create index on devicebatch.submissions (turn) where state = 'queued'`,
    `create index on devicebatch.submissions (customer_id, turn) where state = 'queued'`,

    // As text, so that the devices are sent exactly as submitted: a resumed upload is recognized by their digest.
    `create table devicebatch.submission_devices (
      submission_id uuid not null references devicebatch.submissions on delete cascade,
      from_index integer not null,
      devices json not null,
      primary key (submission_id, from_index)
    )`,

    `create table devicebatch.uploads (
      batch_tracking_id uuid primary key,
      customer_id uuid not null,
      batch_id text,
      submission_id uuid references devicebatch.submissions on delete set null,
      state text not null default 'tracking' check (state in ('tracking', 'ended', 'stopped')),
      status text,
      outcome text not null default 'pending',
      total integer not null default 0,
      pending integer not null default 0,
      succeeded integer not null default 0,
      already_registered integer not null default 0,
      failed integer not null default 0,
      unresolved integer not null default 0,
      emulated boolean not null default false,
      poll_state json,
      revision integer not null default 0,
      error json,
      tracked_at timestamptz not null default now(),
      changed_at timestamptz,
      started_at timestamptz,
      completed_at timestamptz,
      ended_at timestamptz,
      due_at timestamptz not null default now()
    )`,
    'create index on devicebatch.uploads (customer_id, tracked_at)',
    'create index on devicebatch.uploads (tracked_at, batch_tracking_id)',
    'create index on devicebatch.uploads (submission_id)',
    'create index on devicebatch.uploads (ended_at)',
    `create index on devicebatch.uploads (due_at) where state = 'tracking'`,

    `create table devicebatch.device_results (
      batch_tracking_id uuid not null references devicebatch.uploads on delete cascade,
      position integer not null,
      customer_id uuid not null,
      serial_number text,
      product_key text,
      device_id text,
      status text,
      outcome text not null,
      error_code text,
      error_description text,
      changed_at timestamptz not null default now(),
      primary key (batch_tracking_id, position)
    )`,
    'create index on devicebatch.device_results (customer_id, changed_at)',
    // For equality and prefixes, whatever the collation of the database.
    'create index on devicebatch.device_results (lower(serial_number) text_pattern_ops) where serial_number is not null',
    'create index on devicebatch.device_results (error_code, changed_at) where error_code is not null',
    'create index on devicebatch.device_results (changed_at)',

    `create table devicebatch.events (
      transaction xid8 not null default pg_current_xact_id(),
      position bigint generated always as identity,
      at timestamptz not null default now(),
      type text not null,
      customer_id uuid not null,
      submission_id uuid,
      batch_tracking_id uuid,
      data json not null,
      primary key (transaction, position)
    )`,
    'create index on devicebatch.events (at)',
  ])
}

/**
 * When the next request of a key may be sent (`next_at`), and the end of its queue of reservations, which are made when a slot is
 * too far off (`line_at`).
 */
function createRequestSlots(db: Kysely<unknown>): Promise<void> {
  return run(db, [
    `create table devicebatch.request_slots (
      key text primary key,
      next_at timestamptz not null default '-infinity',
      line_at timestamptz not null default '-infinity',
      paused_until timestamptz not null default '-infinity'
    ) with (fillfactor = 50)`,
    `create function devicebatch.pause_requests(customer_key text, partner_key text, pause interval)
    returns text language plpgsql as $$
    declare
      until_at timestamptz := clock_timestamp() + pause;
      others boolean;
    begin
      update devicebatch.request_slots s
        set next_at = greatest(s.next_at, until_at), paused_until = greatest(s.paused_until, until_at)
        where s.key = customer_key;
      select exists (select from devicebatch.request_slots s
        where s.paused_until > clock_timestamp() and s.key <> customer_key and s.key like partner_key || '/%')
        into others;
      if not others then
        return 'customer';
      end if;
      update devicebatch.request_slots s
        set next_at = greatest(s.next_at, until_at), paused_until = greatest(s.paused_until, until_at)
        where s.key = partner_key;
      return 'partner';
    end $$`,
  ])
}

/**
 * Renames `alreadyRegistered` to `already-registered`. The triggers rename what workers of the previous version still write; drop
 * them one version later.
 */
function renameOutcome(db: Kysely<unknown>): Promise<void> {
  const inEvent = `'"outcome":"alreadyRegistered"', '"outcome":"already-registered"'`
  return run(db, [
    `create function devicebatch.rename_outcome() returns trigger language plpgsql as $$
    begin
      new.outcome := 'already-registered';
      return new;
    end $$`,
    `create trigger rename_outcome before insert or update on devicebatch.device_results for each row
      when (new.outcome = 'alreadyRegistered') execute function devicebatch.rename_outcome()`,
    `update devicebatch.device_results set outcome = 'already-registered' where outcome = 'alreadyRegistered'`,

    `create function devicebatch.rename_outcome_in_event() returns trigger language plpgsql as $$
    begin
      new.data := replace(new.data::text, ${inEvent})::json;
      return new;
    end $$`,
    `create trigger rename_outcome before insert on devicebatch.events for each row
      when (new.type = 'upload.changed' and new.data::text like '%"outcome":"alreadyRegistered"%')
      execute function devicebatch.rename_outcome_in_event()`,
    `update devicebatch.events set data = replace(data::text, ${inEvent})::json
      where type = 'upload.changed' and data::text like '%"outcome":"alreadyRegistered"%'`,
  ])
}

/** No foreign key refers to this table: a customer without a name has no row. */
function createCustomerNames(db: Kysely<unknown>): Promise<void> {
  return run(db, ['create table devicebatch.customers (id uuid primary key, name text not null)'])
}

/**
 * Readers number the events, because only a committed event may have a number. `identity` is the database that the numbering
 * belongs to: in any other database, which is a copy, a new numbering begins.
 */
function createEventNumbers(db: Kysely<unknown>): Promise<void> {
  return run(db, [
    `create table devicebatch.event_log (
      epoch text not null,
      identity text,
      last_number bigint not null
    )`,
    `insert into devicebatch.event_log (epoch, last_number) values ('e00000000', 0)`,
    'alter table devicebatch.events add column number bigint',
    'create unique index on devicebatch.events (number)',
    'create index on devicebatch.events (position) where number is null',
    `create function devicebatch.number_events() returns integer language plpgsql as $$
    declare
      base bigint;
      numbered integer;
    begin
      if not exists (select from devicebatch.events where number is null) then
        return 0;
      end if;
      -- One reader at a time; it sees what was committed before it got here.
      select last_number into base from devicebatch.event_log for update;
      update devicebatch.events e set number = base + fresh.nth
        from (select transaction, position, row_number() over (order by position) as nth from (
          select transaction, position from devicebatch.events where number is null order by position limit 1000) oldest) fresh
        where e.transaction = fresh.transaction and e.position = fresh.position;
      get diagnostics numbered = row_count;
      update devicebatch.event_log set last_number = base + numbered;
      return numbered;
    end $$`,
  ])
}

/**
 * PostgreSQL does not use the statistics of a partial index: it expected every two hundredth device to match a serial number, and
 * read all of them in order instead of using the index.
 */
function createSerialStatistics(db: Kysely<unknown>): Promise<void> {
  return run(db, [
    `create statistics devicebatch.device_results_serial on (lower(serial_number))
      from devicebatch.device_results`,
    'analyze devicebatch.device_results',
  ])
}

function addDigest(db: Kysely<unknown>): Promise<void> {
  return run(db, ['alter table devicebatch.submissions add column digest text'])
}

/** The limits of all workers, in one row. */
function createRateLimits(db: Kysely<unknown>): Promise<void> {
  return run(db, [
    `create table devicebatch.rate_limits (
      id boolean primary key default true check (id),
      partner_per_minute integer not null,
      customer_per_minute integer not null
    )`,
  ])
}

/** The partner whose submissions these are: one row, once a worker has signed in. */
function createPartner(db: Kysely<unknown>): Promise<void> {
  return run(db, [
    `create table devicebatch.partner (
      id boolean primary key default true check (id),
      tenant_id uuid not null
    )`,
  ])
}

/** Lists of devices are read in the order of an index, and the failed ones, which are few, without the others. */
function createDeviceIndexes(db: Kysely<unknown>): Promise<void> {
  return run(db, [
    'create index on devicebatch.device_results (customer_id, batch_tracking_id, position)',
    `create index on devicebatch.device_results (error_code, batch_tracking_id, position) where error_code is not null`,
    `create index on devicebatch.device_results (customer_id, changed_at) where outcome = 'failed'`,
    `create index on devicebatch.device_results (changed_at) where outcome = 'failed'`,
    'drop index devicebatch.device_results_customer_id_changed_at_idx',
    'drop index devicebatch.device_results_error_code_changed_at_idx',
  ])
}

/** Who did it, as far as the caller said so. */
function addActors(db: Kysely<unknown>): Promise<void> {
  return run(db, [
    `alter table devicebatch.submissions
      add column submitted_by text, add column resumed_by text, add column cancelled_by text`,
    'alter table devicebatch.pauses add column paused_by text',
  ])
}

/**
 * The causes of failures, in a period or of an upload, are counted without reading the devices themselves. Error codes are cut first,
 * so that an entry with both texts fits into a page of any encoding: see `longestCode`.
 */
function createFailureIndexes(db: Kysely<unknown>): Promise<void> {
  return run(db, [
    'update devicebatch.device_results set error_code = left(error_code, 100) where length(error_code) > 100',
    `create index on devicebatch.device_results (changed_at) include (error_code, error_description) where outcome = 'failed'`,
    `create index on devicebatch.device_results (batch_tracking_id, position) include (error_code, error_description)
      where outcome = 'failed'`,
    'drop index devicebatch.device_results_changed_at_idx1',
  ])
}

/**
 * Workers claim the due uploads themselves, without jobs. A worker of the previous version ignores the claim: both then poll an
 * upload, and one of them records it. Space is left in each page, so that a claim changes no index.
 */
function createDueUploads(db: Kysely<unknown>): Promise<void> {
  return run(db, [
    'alter table devicebatch.uploads add column claimed_until timestamptz, add column reservation text',
    'alter table devicebatch.uploads set (fillfactor = 70)',
    'drop index devicebatch.uploads_due_at_idx',
    `create index uploads_due_at_idx on devicebatch.uploads (due_at) where state = 'tracking' and not is_parked`,
  ])
}
