/** The functions that give slots lock the partner's row before those of its customers. */
import type { Kysely } from 'kysely'

import { runStatements } from './run-statements.ts'

/**
 * Taking a slot is a function, so that it is one round trip and locks its two rows only that long. One statement may take slots
 * for many customers. Every statement locks the partner's row first, so that two of them cannot deadlock. Both rows are locked,
 * and then written once. A minute is counted as 62 seconds: see `slackMs`. Taking a slot does not wait for the disk, because
 * losing one in a server crash is harmless.
 */
export function lockPartnerSlotFirst(db: Kysely<unknown>): Promise<void> {
  return runStatements(db, [
    `create or replace function devicebatch.take_slot(
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
        interval '62 seconds' / coalesce(min(l.partner_per_minute), 600)
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
    `create or replace function devicebatch.pause_requests(customer_key text, partner_key text, pause interval)
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
  ])
}
