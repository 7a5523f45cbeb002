-- The schema of a node on SQLite, read from a migrated database by `npm run docs`. Tables are not an API.

CREATE TABLE api_tokens (
  name text primary key,
  token_hash text not null unique,
  created_at integer not null,
  revoked_at integer
);

CREATE TABLE audit_chain (
  only_row integer primary key check (only_row = 1),
  position integer not null,
  chain_hash text not null
);

CREATE TABLE audit_entries (
  entry_id integer primary key autoincrement,
  node text not null,
  at integer not null,
  actor text not null,
  operation text not null,
  reference text,
  version_before integer,
  version_after integer,
  link text,
  operation_id text,
  outcome text not null,
  error text,
  position integer,
  chain_hash text
);

CREATE UNIQUE INDEX audit_entries_position on audit_entries (position) where position is not null;

CREATE INDEX audit_entries_reference on audit_entries (reference, entry_id);

CREATE INDEX audit_entries_unsealed on audit_entries (entry_id) where position is null;

CREATE TABLE child_nodes (
  node text primary key,
  public_key text not null,
  enrolled_at integer not null,
  revoked_at integer,
  last_seen_at integer,
  marker_epoch text,
  marker_position integer
);

CREATE TABLE chunking_followed (
  start integer primary key check (start > 0),
  chunk_length integer not null check (chunk_length > 0)
);

CREATE TABLE chunking_history (
  id integer primary key autoincrement,
  chunk_length integer,
  start integer not null
);

CREATE TABLE conflicts (
  conflict_id text primary key,
  type text not null,
  id text not null,
  version integer not null,
  element text not null,
  their_node text not null,
  operation_id text not null,
  state text not null check (state in ('open', 'resolved', 'settled')),
  opened_at integer not null
  , resolved_at integer, resolved_by text, resolution_reason text, resolution_choice text
  check (resolution_choice in ('parent', 'child', 'current', 'value')), resolved_version integer);

CREATE INDEX conflicts_open on conflicts (opened_at) where state = 'open';

CREATE INDEX conflicts_record on conflicts (type, id);

CREATE TABLE enrolment_codes (
  code_hash text primary key,
  node text not null,
  issued_at integer not null,
  expires_at integer not null,
  used_at integer,
  used_key text
);

CREATE TABLE event_feed_heads (
  feed text  primary key not null,
  position integer not null check (position > 0)
) without rowid;

CREATE TABLE event_record_feeds (
  feed text  not null,
  feed_position integer not null check (feed_position > 0),
  record_id integer not null,
  primary key (feed, feed_position)
) without rowid;

CREATE TABLE event_records (
  id integer primary key check (id > 0),
  timestamp text not null default (strftime('%Y-%m-%d %H:%M:%f', 'now')),
  date_created text,
  uuid text, title text, uri text, object text, category text, tags text, event_type text, entity_type text, entity_id text, version integer, operation text, body_hash text, origin_node text, origin_operation text, order_key text, order_seq integer, tx_id text, tx_index integer, tx_size integer
);

CREATE INDEX event_records_uuid on event_records (uuid);

CREATE TABLE event_records_offset_marker (
  id integer primary key autoincrement,
  event_id integer,
  event_count integer,
  category varchar(255)
);

CREATE TABLE event_records_queue (
  id integer primary key autoincrement,
  timestamp text default (strftime('%Y-%m-%d %H:%M:%f', 'now')),
  uuid text, title text, uri text, object text, category text, tags text, event_type text, entity_type text, entity_id text, version integer, operation text, body_hash text, origin_node text, origin_operation text, order_key text, order_seq integer, tx_id text, tx_index integer, tx_size integer,
  streams text
);

CREATE TABLE event_sequencer (
  one integer primary key check (one = 1),
  last_position integer not null default 0,
  low_hint integer not null default 0,
  log_id text not null,
  epoch text not null
);

CREATE TABLE event_streams (
  order_key text  primary key not null,
  seq integer not null check (seq > 0)
) without rowid;

CREATE TABLE failed_event_retry_log (
  id integer primary key autoincrement,
  feed_uri text,
  failed_at text,
  error_message text,
  event_id text,
  event_content text,
  error_hash_code integer,
  consumer text not null default ''
);

CREATE INDEX failed_event_retry_log_event on failed_event_retry_log (consumer, feed_uri, event_id);

CREATE TABLE failed_events (
  id integer primary key autoincrement,
  feed_uri text,
  failed_at text,
  error_message text,
  event_id text,
  event_content text,
  error_hash_code integer,
  title text,
  retries integer not null default 0 check (retries >= 0),
  tags text,
  consumer text not null default '',
  state text not null default 'retrying' check (state in ('retrying', 'waiting', 'dead')),
  next_retry_at integer,
  order_key text,
  page_uri text,
  content_type text,
  published_at integer,
  updated_at integer,
  categories text,
  extension text
);

CREATE INDEX failed_events_due on failed_events (consumer, feed_uri, state, next_retry_at);

CREATE UNIQUE INDEX failed_events_event on failed_events (consumer, feed_uri, event_id);

CREATE INDEX failed_events_order on failed_events (consumer, feed_uri, order_key, id);

CREATE TABLE failed_pulls (
  link text not null,
  type text not null,
  id text not null,
  remote_version integer not null,
  reason text not null,
  attempts integer not null check (attempts >= 0),
  first_failed_at integer not null,
  last_failed_at integer not null,
  next_attempt_at integer not null,
  primary key (link, type, id)
);

CREATE TABLE link_bases (
  link text not null,
  type text not null,
  id text not null,
  local_version integer not null,
  remote_version integer not null, differs integer not null default 0,
  primary key (link, type, id)
) without rowid;

CREATE TABLE markers (
  feed_uri text not null,
  last_read_entry_id text,
  feed_uri_for_last_read_entry text,
  consumer text not null default '',
  last_read_published integer,
  primary key (feed_uri, consumer)
);

CREATE TABLE node_identity (
  only_row integer primary key check (only_row = 1),
  node_id text not null,
  created_at integer not null
);

CREATE TABLE parent_links (
  parent text primary key,
  url text not null,
  stream text not null,
  private_key text not null,
  clock_offset_ms integer not null default 0,
  enrolled_at integer not null,
  last_pull_at integer,
  last_outcome text,
  last_error text
);

CREATE TABLE pending_enrolments (
  attempt text primary key,
  node_key text not null
);

CREATE TABLE push_markers (
  parent text primary key,
  position integer not null check (position >= 0),
  next_counter integer not null check (next_counter > 0),
  incarnation text not null
);

CREATE TABLE push_units (
  parent text not null,
  counter integer not null,
  operation_id text not null unique,
  changes text not null,
  is_sent integer not null,
  rejected_reason text, attempts integer not null default 0, first_refused_at integer, last_refused_at integer, first_counter integer,
  primary key (parent, counter)
);

CREATE INDEX push_units_refused on push_units (parent, (coalesce(first_counter, counter)))
  where rejected_reason is not null;

CREATE TABLE push_verdicts (
  operation_id text primary key,
  node text not null,
  verdict text not null,
  given_at integer not null
);

CREATE TABLE read_entries (
  read_order integer primary key autoincrement,
  consumer text not null,
  feed_uri text not null,
  entry_id text not null,
  unique (consumer, feed_uri, entry_id)
);

CREATE INDEX read_entries_order on read_entries (consumer, feed_uri, read_order);

CREATE TABLE resource (
  resource_key integer primary key autoincrement,
  type text  not null,
  id text  not null,
  version integer not null,
  last_updated integer not null,
  is_deleted integer not null check (is_deleted in (0, 1)),
  patient text ,
  unique (type, id)
);

CREATE INDEX resource_by_last_updated on resource (type, last_updated, resource_key);

CREATE INDEX resource_by_patient on resource (patient, type, id) where patient is not null;

CREATE INDEX resource_by_type_and_key on resource (type, resource_key);

CREATE TABLE resource_version (
  version_key integer primary key autoincrement,
  resource_key integer not null,
  type text  not null,
  version integer not null check (version > 0),
  last_updated integer not null,
  operation text not null check (operation in ('create', 'update', 'delete')),
  body text,
  body_hash text,
  origin_node text not null,
  origin_version integer,
  origin_operation text,
  author text,
  check ((operation = 'delete') = (body is null)),
  unique (resource_key, version)
);

CREATE INDEX resource_version_by_time on resource_version (last_updated, version_key);

CREATE INDEX resource_version_by_type on resource_version (type, last_updated, version_key);

CREATE TABLE schema_migrations (
  position integer primary key,
  id text not null unique,
  applied_at text not null default current_timestamp
);

CREATE TABLE search_date (
  resource_key integer not null,
  path integer not null,
  position integer not null,
  low integer not null,
  high integer not null,
  primary key (resource_key, path, position)
) without rowid;

CREATE INDEX search_date_by_high on search_date (path, high, low, resource_key);

CREATE INDEX search_date_by_low on search_date (path, low, high, resource_key);

CREATE TABLE search_quantity (
  resource_key integer not null,
  path integer not null,
  position integer not null,
  low real not null,
  high real not null,
  system integer not null,
  code text  not null,
  unit text,
  primary key (resource_key, path, position)
) without rowid;

CREATE INDEX search_quantity_by_high on search_quantity (path, high, low, resource_key);

CREATE INDEX search_quantity_by_low on search_quantity (path, low, high, resource_key);

CREATE TABLE search_reference (
  resource_key integer not null,
  path integer not null,
  position integer not null,
  target_type text  not null,
  target_id text  not null,
  primary key (resource_key, path, position)
) without rowid;

CREATE INDEX search_reference_by_target on search_reference (path, target_id, target_type, resource_key);

CREATE TABLE search_string (
  resource_key integer not null,
  path integer not null,
  position integer not null,
  folded text  not null,
  exact integer not null,
  primary key (resource_key, path, position)
) without rowid;

CREATE INDEX search_string_by_text on search_string (path, folded, resource_key);

CREATE TABLE search_token (
  resource_key integer not null,
  path integer not null,
  position integer not null,
  system integer not null,
  code text  not null,
  primary key (resource_key, path, position)
) without rowid;

CREATE INDEX search_token_by_code on search_token (path, code, system, resource_key);

CREATE TABLE stream_markers (
  parent text not null,
  stream text not null,
  epoch text not null,
  position integer not null check (position >= 0),
  entry_digest text,
  head integer not null default 0,
  moved_at integer not null,
  primary key (parent, stream)
);
