/** When requests may be sent: the slots of the partner and of each customer, the rate limits, and the partner itself. */

/**
 * When the next request of a key may be sent (`next_at`), and the end of its queue of reservations, which are made when a slot is
 * too far off (`line_at`). How many requests took a slot: in all, in the minute of the last one, and in the minute before that.
 */
const slots = [
  `create table devicebatch.request_slots (
    key text primary key,
    next_at timestamptz not null default '-infinity',
    line_at timestamptz not null default '-infinity',
    paused_until timestamptz not null default '-infinity',
    requests bigint not null default 0,
    minute timestamptz not null default '-infinity',
    in_minute integer not null default 0,
    in_last_minute integer not null default 0
  ) with (fillfactor = 50)`,
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

/** The limits of all workers, in one row. */
const limits = [
  `create table devicebatch.rate_limits (
    id boolean primary key default true check (id),
    partner_per_minute integer not null,
    customer_per_minute integer not null
  )`,
]

/** The partner whose submissions these are: one row, once a worker has signed in. */
const partner = [
  `create table devicebatch.partner (
    id boolean primary key default true check (id),
    tenant_id uuid not null
  )`,
]

/**
 * Taking a slot is a function, so that it is one round trip and locks its two rows only that long. One statement may take slots
 * for many customers. Every statement locks the partner's row first, so that two of them cannot deadlock. Both rows are locked,
 * and then written once. A minute is counted as 62 seconds: see `slackMs`. Taking a slot does not wait for the disk, because
 * losing one in a server crash is harmless.
 */
const takingSlots = [
  `create function devicebatch.take_slot(
    customer_key text, partner_key text, longest_wait interval, reservation text
  ) returns table (taken boolean, line text, wait_ms double precision) language plpgsql as $$
  declare
    customer devicebatch.request_slots;
    partner devicebatch.request_slots;
    customer_gap interval;
    partner_gap interval;
    present timestamptz;
    slot timestamptz;
  begin
    if customer_key is null then
      return;
    end if;
    perform set_config('synchronous_commit', 'off', true);
    loop
      select s.* into partner from devicebatch.request_slots s where s.key = partner_key for no key update;
      select s.* into customer from devicebatch.request_slots s where s.key = customer_key for no key update;
      exit when partner.key is not null and customer.key is not null;
      insert into devicebatch.request_slots (key) values (partner_key), (customer_key) on conflict do nothing;
    end loop;
    select interval '62 seconds' / coalesce(min(l.customer_per_minute), 120),
      interval '62 seconds' / coalesce(min(l.partner_per_minute), 500)
      into customer_gap, partner_gap from devicebatch.rate_limits l;
    present := clock_timestamp();
    slot := greatest(customer.next_at, partner.next_at, present);
    if longest_wait is not null then
      if customer.next_at > present + longest_wait or (reservation is null and customer.line_at > present) then
        line := 'customer';
        slot := greatest(customer.line_at, customer.next_at, present);
        update devicebatch.request_slots s set line_at = slot + customer_gap where s.key = customer_key;
      elsif partner.next_at > present + longest_wait
        or (reservation is distinct from 'partner' and partner.line_at > present) then
        line := 'partner';
        slot := greatest(partner.line_at, partner.next_at, present);
        update devicebatch.request_slots s set line_at = slot + partner_gap where s.key = partner_key;
      end if;
    end if;
    taken := line is null;
    if taken then
      -- Who stands in no line moves the line that there is.
      update devicebatch.request_slots s set next_at = slot + customer_gap, line_at =
        case when longest_wait is null and s.line_at > present then s.line_at + customer_gap else s.line_at end
        where s.key = customer_key;
      update devicebatch.request_slots s set next_at = slot + partner_gap, line_at =
        case when longest_wait is null and s.line_at > present then s.line_at + partner_gap else s.line_at end
        where s.key = partner_key;
    end if;
    wait_ms := greatest(0, extract(epoch from slot - present) * 1000);
    return next;
  end $$`,
  `create function devicebatch.pause_requests(customer_key text, partner_key text, pause interval)
  returns text language plpgsql as $$
  declare
    until_at timestamptz := clock_timestamp() + pause;
    others boolean;
  begin
    perform from devicebatch.request_slots s where s.key = partner_key for no key update;
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
]

export const rateLimitTables: readonly string[] = [...slots, ...limits, ...partner, ...takingSlots]
