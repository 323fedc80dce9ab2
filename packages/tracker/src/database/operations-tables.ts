/** The tables with which a tracker is operated: what is counted, who works, what is paused, and what is deleted when. */

/** A worker that ends removes its row; one that is gone leaves it. */
const workers = [
  `create table devicebatch.workers (
    id uuid primary key,
    name text not null,
    started_at timestamptz not null default now(),
    seen_at timestamptz not null default now(),
    -- Whether it was reported that it is gone.
    reported_at timestamptz
  ) with (fillfactor = 50)`,
]

/** A pause covers a customer, by its ID, or everything. Paused work has no job; `is_parked` says so. */
const control = [
  `create table devicebatch.pauses (
    scope text primary key,
    paused_at timestamptz not null default now(),
    paused_by text
  )`,
  `create table devicebatch.retention (
    id boolean primary key default true check (id),
    ended_after_days double precision,
    events_after_days double precision
  )`,
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
  ]),
  `create function devicebatch.add_up_states() returns void language sql as $$
    with gone as (delete from devicebatch.state_changes returning *)
    insert into devicebatch.state_counts as c (kind, state, count)
      select kind, state, sum(change) from gone group by kind, state order by kind, state
      on conflict (kind, state) do update set count = c.count + excluded.count
  $$`,
]

/**
 * Triggers keep the figures of `health()` and `metrics()`, so that reading them never reads all rows, and statements elsewhere
 * need not know of them.
 */
export const operationsTables: readonly string[] = [...workers, ...control, ...stateCounts]
