/** The tables of the work: submissions with their devices, uploads with their results, events, and names of customers. */

/**
 * Why the work fails: what decides it from the error is here alone, so that all who ask agree, and counting ten thousand errors
 * parses none of them.
 */
const failureReason = `
  failing_since timestamptz,
  failure_reason text
    generated always as (case when error is not null then coalesce(error ->> 'reason', 'other') end) stored,
  is_sign_in boolean not null
    generated always as (coalesce(error ->> 'code' = 'authentication' or error ->> 'status' = '401', false)) stored`

const submissions = [
  `create table devicebatch.submissions (
    id uuid primary key,
    customer_id uuid not null,
    batch_id text not null,
    state text not null check (state in ('queued', 'uploading', 'accepted', 'failed', 'cancelled')),
    device_count integer not null,
    settings json not null,
    upload_group json,
    attempt integer not null default 0,
    turn integer not null default 0,
    priority integer not null default 0,
    is_parked boolean not null default false,
    digest text,
    error json,
    created_at timestamptz not null default now(),
    ended_at timestamptz,
    -- When it was reported that all uploads have ended: not the same as whether the devices are still needed.
    uploads_ended_at timestamptz,
    devices_to_retry integer,
    retried_as uuid,
    retry_of uuid,
    submitted_by text,
    resumed_by text,
    cancelled_by text,
    ${failureReason}
  )`,
  'create index on devicebatch.submissions (customer_id, created_at)',
  'create index on devicebatch.submissions (created_at, id)',
  `create index on devicebatch.submissions (created_at) where state in ('queued', 'uploading')`,
  'create index on devicebatch.submissions (ended_at)',
  `create index on devicebatch.submissions (turn) where state = 'queued'`,
  `create index on devicebatch.submissions (customer_id, turn) where state = 'queued'`,
  `create index on devicebatch.submissions (priority, turn) where state = 'queued'`,
  `create index on devicebatch.submissions (customer_id, priority, turn) where state = 'queued'`,
  'create index on devicebatch.submissions (id) where is_parked',

  // As text, so that the devices are sent exactly as submitted: a resumed upload is recognized by their digest.
  `create table devicebatch.submission_devices (
    submission_id uuid not null references devicebatch.submissions on delete cascade,
    from_index integer not null,
    devices json not null,
    primary key (submission_id, from_index)
  )`,
]

const uploads = [
  // Space is left in each page, so that a claim changes no index.
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
    is_parked boolean not null default false,
    error json,
    tracked_at timestamptz not null default now(),
    changed_at timestamptz,
    started_at timestamptz,
    completed_at timestamptz,
    ended_at timestamptz,
    due_at timestamptz not null default now(),
    claimed_until timestamptz,
    reservation text,
    ${failureReason}
  ) with (fillfactor = 70)`,
  'create index on devicebatch.uploads (customer_id, tracked_at)',
  'create index on devicebatch.uploads (tracked_at, batch_tracking_id)',
  'create index on devicebatch.uploads (submission_id)',
  'create index on devicebatch.uploads (ended_at)',
  `create index on devicebatch.uploads (due_at) where state = 'tracking' and not is_parked`,
  'create index on devicebatch.uploads (batch_tracking_id) where is_parked',

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
  'create index on devicebatch.device_results (changed_at)',
  // For equality and prefixes, whatever the collation of the database.
  'create index on devicebatch.device_results (lower(serial_number) text_pattern_ops) where serial_number is not null',
  // PostgreSQL does not use the statistics of a partial index: it expected every two hundredth device to match a serial number,
  // and read all of them in order instead of using the index.
  `create statistics devicebatch.device_results_serial on (lower(serial_number))
    from devicebatch.device_results`,
  // Lists of devices are read in the order of an index, and the failed ones, which are few, without the others.
  'create index on devicebatch.device_results (customer_id, batch_tracking_id, position)',
  `create index on devicebatch.device_results (error_code, batch_tracking_id, position) where error_code is not null`,
  `create index on devicebatch.device_results (customer_id, changed_at) where outcome = 'failed'`,
  // The causes of failures, in a period or of an upload, are counted without reading the devices themselves.
  `create index on devicebatch.device_results (changed_at) include (error_code, error_description) where outcome = 'failed'`,
  `create index on devicebatch.device_results (batch_tracking_id, position) include (error_code, error_description)
    where outcome = 'failed'`,
]

/** Since when the work has failed, however often the error changes. */
const failingSince = [
  `create function devicebatch.note_failing_since() returns trigger language plpgsql as $$
  begin
    new.failing_since := case when new.error is not null then now() end;
    return new;
  end $$`,
  ...['submissions', 'uploads'].flatMap((table) => [
    `create index on devicebatch.${table} (failing_since) where failing_since is not null`,
    `create index on devicebatch.${table} (state, failure_reason, is_sign_in) where failing_since is not null`,
    `create trigger note_failing_since before update of error on devicebatch.${table} for each row
      when ((old.error is null) <> (new.error is null)) execute function devicebatch.note_failing_since()`,
  ]),
]

/**
 * Readers number the events, because only a committed event may have a number. `identity` is the database that the numbering
 * belongs to: in any other database, which is a copy, a new numbering begins.
 */
const events = [
  `create table devicebatch.events (
    transaction xid8 not null default pg_current_xact_id(),
    position bigint generated always as identity,
    number bigint,
    at timestamptz not null default now(),
    type text not null,
    customer_id uuid not null,
    submission_id uuid,
    batch_tracking_id uuid,
    data json not null,
    primary key (transaction, position)
  )`,
  'create index on devicebatch.events (at)',
  'create unique index on devicebatch.events (number)',
  'create index on devicebatch.events (position) where number is null',
  `create table devicebatch.event_log (
    epoch text not null,
    identity text,
    last_number bigint not null
  )`,
  `insert into devicebatch.event_log (epoch, last_number) values ('e00000000', 0)`,
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
]

/** No foreign key refers to this table: a customer without a name has no row. */
const customers = ['create table devicebatch.customers (id uuid primary key, name text not null)']

export const workTables: readonly string[] = [
  ...submissions,
  ...uploads,
  ...failingSince,
  ...events,
  ...customers,
]
