/** The tables with which a tracker is operated: what is counted, who works, what is paused, and what is deleted when. */
import type { Kysely } from 'kysely'

import { runStatements } from './run-statements.ts'

/**
 * Triggers keep the figures of `health()` and `metrics()`, so that reading them never reads all rows, and statements elsewhere
 * need not know of them.
 */
export async function createOperations(db: Kysely<unknown>): Promise<void> {
  await runStatements(db, [...workers, ...control, ...stuckWork, ...stateCounts, ...requestCounts])
}

/** A worker that ends removes its row; one that is gone leaves it. */
const workers = [
  `create table devicebatch.workers (
    id uuid primary key,
    name text not null,
    started_at timestamptz not null default now(),
    seen_at timestamptz not null default now()
  ) with (fillfactor = 50)`,
]

/** A pause covers a customer, by its ID, or everything. Paused work has no job; `is_parked` says so. */
const control = [
  `create table devicebatch.pauses (
    scope text primary key,
    paused_at timestamptz not null default now()
  )`,
  `create table devicebatch.retention (
    id boolean primary key default true check (id),
    ended_after_days double precision,
    events_after_days double precision
  )`,
  'alter table devicebatch.submissions add column is_parked boolean not null default false',
  'create index on devicebatch.submissions (id) where is_parked',
  'alter table devicebatch.uploads add column is_parked boolean not null default false',
  'create index on devicebatch.uploads (batch_tracking_id) where is_parked',
  `alter table devicebatch.submissions drop constraint submissions_state_check,
    add constraint submissions_state_check
      check (state in ('queued', 'uploading', 'accepted', 'failed', 'cancelled'))`,
  'alter table devicebatch.submissions add column priority integer not null default 0',
  `create index on devicebatch.submissions (priority, turn) where state = 'queued'`,
  `create index on devicebatch.submissions (customer_id, priority, turn) where state = 'queued'`,
]

/** Since when the work has failed, however often the error changes. */
const stuckWork = [
  `create function devicebatch.note_failing_since() returns trigger language plpgsql as $$
  begin
    new.failing_since := case when new.error is not null then now() end;
    return new;
  end $$`,
  ...['submissions', 'uploads'].flatMap((table) => [
    `alter table devicebatch.${table} add column failing_since timestamptz`,
    `update devicebatch.${table} set failing_since = coalesce(ended_at, now()) where error is not null`,
    `create index on devicebatch.${table} (failing_since) where failing_since is not null`,
    `create trigger note_failing_since before update of error on devicebatch.${table} for each row
      when ((old.error is null) <> (new.error is null)) execute function devicebatch.note_failing_since()`,
  ]),
]

/**
 * How many rows have which state: `state_counts`, and what has changed since it was last brought up to date. A change is a row
 * of its own, because a count that all transactions update would hold them up.
 */
const stateCounts = [
  `create table devicebatch.state_counts (
    kind text not null,
    state text not null,
    count bigint not null,
    primary key (kind, state)
  )`,
  `create table devicebatch.state_changes (kind text not null, state text not null, change integer not null)`,
  `create function devicebatch.note_state() returns trigger language plpgsql as $$
  begin
    if tg_op <> 'INSERT' then
      insert into devicebatch.state_changes values (tg_table_name, old.state, -1);
    end if;
    if tg_op <> 'DELETE' then
      insert into devicebatch.state_changes values (tg_table_name, new.state, 1);
    end if;
    return null;
  end $$`,
  ...['submissions', 'uploads'].flatMap((table) => [
    `create trigger note_state after insert or delete on devicebatch.${table} for each row
      execute function devicebatch.note_state()`,
    `create trigger note_new_state after update of state on devicebatch.${table} for each row
      when (old.state <> new.state) execute function devicebatch.note_state()`,
    `insert into devicebatch.state_counts
      select '${table}', state, count(*) from devicebatch.${table} group by state`,
  ]),
  `create function devicebatch.add_up_states() returns void language sql as $$
    with gone as (delete from devicebatch.state_changes returning *)
    insert into devicebatch.state_counts as c (kind, state, count)
      select kind, state, sum(change) from gone group by kind, state order by kind, state
      on conflict (kind, state) do update set count = c.count + excluded.count
  $$`,
]

/** How many requests took a slot: in all, in the minute of the last one, and in the minute before that. */
const requestCounts = [
  `alter table devicebatch.request_slots
    add column requests bigint not null default 0,
    add column minute timestamptz not null default '-infinity',
    add column in_minute integer not null default 0,
    add column in_last_minute integer not null default 0`,
  `create function devicebatch.count_request() returns trigger language plpgsql as $$
  declare
    present timestamptz := date_trunc('minute', clock_timestamp());
  begin
    new.in_last_minute := case when old.minute = present then old.in_last_minute
      when old.minute = present - interval '1 minute' then old.in_minute else 0 end;
    new.in_minute := 1 + case when old.minute = present then old.in_minute else 0 end;
    new.minute := present;
    new.requests := old.requests + 1;
    return new;
  end $$`,
  // A pause moves `next_at` too.
  `create trigger count_request before update of next_at on devicebatch.request_slots for each row
    when (new.next_at > old.next_at and new.paused_until = old.paused_until)
    execute function devicebatch.count_request()`,
  `create function devicebatch.requests_in_minute(slot devicebatch.request_slots) returns double precision
  language sql stable as $$
    select case
      when slot.minute = date_trunc('minute', now())
        then slot.in_minute + slot.in_last_minute * (60 - extract(second from now())) / 60
      when slot.minute = date_trunc('minute', now()) - interval '1 minute'
        then slot.in_minute * (60 - extract(second from now())) / 60
      else 0
    end::double precision
  $$`,
]

/**
 * Why the work fails: what decides it from the error is here alone, so that all who ask agree, and counting ten thousand errors
 * parses none of them.
 */
export function addFailureReasons(db: Kysely<unknown>): Promise<void> {
  return runStatements(
    db,
    ['submissions', 'uploads'].flatMap((table) => [
      `alter table devicebatch.${table}
        add column failure_reason text
          generated always as (case when error is not null then coalesce(error ->> 'reason', 'other') end) stored,
        add column is_sign_in boolean not null
          generated always as (coalesce(error ->> 'code' = 'authentication' or error ->> 'status' = '401', false)) stored`,
      `create index on devicebatch.${table} (state, failure_reason, is_sign_in) where failing_since is not null`,
    ]),
  )
}
