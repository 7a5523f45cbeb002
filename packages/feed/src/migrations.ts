import type { Migration } from "@tributary/database";

/** The tables of feeds: how pages are cut, and for each subscription its marker, its failed events and what it has read. */
export const feedMigrations: readonly Migration[] = [
  {
    id: "feed/1-pages",
    statements: ({ identity, bigint }) => [
      `create table chunking_history (
         id ${identity},
         chunk_length ${bigint},
         start ${bigint} not null
       )`,
      // Five events a page, from the first event on, as every deployed server has it.
      "insert into chunking_history (chunk_length, start) values (5, 1)",
      // The cuts that were followed, so that a row edited later never re-cuts a page that a reader holds.
      `create table chunking_followed (
         start ${bigint} primary key check (start > 0),
         chunk_length ${bigint} not null check (chunk_length > 0)
       )`,
      // Nothing here writes or reads it; tools made for the historic servers look for it.
      `create table event_records_offset_marker (
         id ${identity},
         event_id ${bigint},
         event_count ${bigint},
         category varchar(255)
       )`,
    ],
  },
  {
    id: "feed/2-subscriptions",
    statements: ({ identity, bigint, timestamp }) => [
      `create table markers (
         feed_uri text not null,
         last_read_entry_id text,
         feed_uri_for_last_read_entry text,
         consumer text not null default '',
         last_read_published ${bigint},
         primary key (feed_uri, consumer)
       )`,
      `create table failed_events (
         id ${identity},
         feed_uri text,
         failed_at ${timestamp},
         error_message text,
         event_id text,
         event_content text,
         error_hash_code integer,
         title text,
         retries integer not null default 0 check (retries >= 0),
         tags text,
         consumer text not null default '',
         state text not null default 'retrying' check (state in ('retrying', 'waiting', 'dead')),
         next_retry_at ${bigint},
         order_key text,
         page_uri text,
         content_type text,
         published_at ${bigint},
         updated_at ${bigint},
         categories text,
         extension text
       )`,
      "create unique index failed_events_event on failed_events (consumer, feed_uri, event_id)",
      // Finds whether a record's later events must wait, and which of them is next.
      "create index failed_events_order on failed_events (consumer, feed_uri, order_key, id)",
      // Finds what is due.
      "create index failed_events_due on failed_events (consumer, feed_uri, state, next_retry_at)",
      `create table failed_event_retry_log (
         id ${identity},
         feed_uri text,
         failed_at ${timestamp},
         error_message text,
         event_id text,
         event_content text,
         error_hash_code integer,
         consumer text not null default ''
       )`,
      "create index failed_event_retry_log_event on failed_event_retry_log (consumer, feed_uri, event_id)",
      // The entries read last, by which a page that is read again is recognised.
      `create table read_entries (
         read_order ${identity},
         consumer text not null,
         feed_uri text not null,
         entry_id text not null,
         unique (consumer, feed_uri, entry_id)
       )`,
      "create index read_entries_order on read_entries (consumer, feed_uri, read_order)",
    ],
  },
  {
    id: "feed/3-read-times",
    statements: ({ bigint }) => [
      // When an entry was dealt with, so that an event can be followed; rows of earlier versions have no time.
      `alter table read_entries add column read_at ${bigint}`,
    ],
  },
];
