import { recordColumnNames } from "../records/record-columns.ts";

/** The hint stays so many queue numbers behind what was moved; a transaction that commits late is seldom later. */
const hintLag = 2_000;

/** Less than every queue number. */
const before = "bigint '-9223372036854775808'";

const columns = recordColumnNames.filter((name) => name !== "uuid").join(", ");

/**
 * PostgreSQL's side of the sequencer: one call moves the oldest visible queue rows to the log and numbers them.
 *
 * 1. Lock the sequencer's row, so that one mover works at a time and positions become visible in order.
 * 2. In a new statement, and so with a fresh snapshot, take the smallest queue numbers. Rows are taken by identity: a
 *    row that commits late under a smaller number is simply taken next time.
 * 3. Delete those rows, insert them into the log, and list them in their feeds, all numbered from table data, so that a
 *    transaction that fails gives its numbers back.
 *
 * `from_hint` skips the queue's emptied front, where dead index entries pile up while some other transaction keeps an
 * old snapshot; a wrong hint can delay a row until the next call without it, never lose it.
 */
export const createMoveFunction = `
create function move_event_records(batch integer, from_hint boolean) returns integer
language plpgsql volatile
set enable_seqscan = off
set enable_bitmapscan = off
as $move$
declare
  sequencer event_sequencer%rowtype;
  taken_ids bigint[];
begin
  if current_setting('transaction_isolation') <> 'read committed' then
    raise exception 'move_event_records sees committed rows only under READ COMMITTED, not under %',
      upper(current_setting('transaction_isolation')) using errcode = 'invalid_transaction_state';
  end if;

  select * into strict sequencer from event_sequencer for update;

  taken_ids := array(
    select id
    from event_records_queue
    where id > case when from_hint then sequencer.low_hint else ${before} end
    order by id
    limit batch
  );
  if cardinality(taken_ids) = 0 then
    return 0;
  end if;

  with taken as (
    delete from event_records_queue
    where id = any (taken_ids)
    returning *
  ), numbered as materialized (
    select taken.*, sequencer.last_position + row_number() over (order by taken.id) as position
    from taken
  ), recorded as (
    insert into event_records (id, date_created, uuid, ${columns})
    select position, timestamp, coalesce(uuid, gen_random_uuid()::text), ${columns}
    from numbered
    order by position
  ), listed as materialized (
    select feed, position, row_number() over (partition by feed order by position) as nth
    from (
      select 'category:' || lower(category collate "C") as feed, position
      from numbered
      where category <> ''
      union
      select 'stream:' || stream, position
      from numbered, unnest(string_to_array(streams, ' ')) as stream
    ) as listings
  ), advanced as (
    insert into event_feed_heads as head (feed, position)
    select feed, count(*)
    from listed
    group by feed
    on conflict (feed) do update set position = head.position + excluded.position
    returning feed, position
  )
  insert into event_record_feeds (feed, feed_position, record_id)
  select feed, advanced.position - count(*) over (partition by feed) + listed.nth, listed.position
  from listed join advanced using (feed);

  update event_sequencer
  set last_position = last_position + cardinality(taken_ids),
      low_hint = taken_ids[cardinality(taken_ids)] - ${hintLag};
  return cardinality(taken_ids);
end
$move$`;
