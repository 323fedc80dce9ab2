/** The tables of notifications: where they are sent, what is sent, and what was reported already. */

/**
 * The outbox: a notification is written in the transaction that makes it true, one row for each webhook. The `sequence` is taken
 * under the lock of its submission or upload, so that it orders what happened to each.
 */
export const notificationsTables: readonly string[] = [
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
]
