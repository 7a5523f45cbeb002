-- The schema of a node on SQLite, read from a migrated database by `npm run docs`. Tables are not an API.

CREATE TABLE alerts (
  alert_id integer primary key autoincrement,
  rule text not null,
  subject text not null,
  state text not null check (state in ('open', 'closed')),
  severity text not null check (severity in ('warning', 'critical')),
  opened_at integer not null,
  closed_at integer,
  value double precision not null,
  limit_value double precision not null,
  sentence text not null,
  told_state text
  , mailed_as text check (mailed_as in ('warning', 'critical', 'over')));

CREATE UNIQUE INDEX alerts_open on alerts (rule, subject) where state = 'open';

CREATE INDEX alerts_unmailed on alerts (alert_id) where state = 'open' or mailed_as in ('warning', 'critical');

CREATE INDEX alerts_untold on alerts (alert_id) where told_state is null or told_state <> state;

CREATE TABLE api_tokens (
  name text primary key,
  token_hash text not null unique,
  created_at integer not null,
  revoked_at integer
  , role text not null default 'administrator'
  check (role in ('viewer', 'operator', 'reviewer', 'administrator')), expires_at integer, created_by text, last_used_at integer);

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

CREATE INDEX audit_entries_actor on audit_entries (actor, entry_id);

CREATE INDEX audit_entries_at on audit_entries (at, entry_id);

CREATE INDEX audit_entries_operation on audit_entries (operation, entry_id);

CREATE INDEX audit_entries_outcome on audit_entries (outcome, entry_id);

CREATE UNIQUE INDEX audit_entries_position on audit_entries (position) where position is not null;

CREATE INDEX audit_entries_reference on audit_entries (reference, entry_id);

CREATE INDEX audit_entries_unsealed on audit_entries (entry_id) where position is null;

CREATE TABLE audit_markers (
  parent text primary key,
  chain text,
  begins_after integer not null,
  hash_before text not null,
  position integer not null,
  chain_hash text not null,
  check (position >= begins_after)
);

CREATE TABLE audit_relay_markers (
  parent text not null,
  node text not null,
  chain text not null,
  position integer not null,
  refused_at_head integer,
  primary key (parent, node, chain)
);

CREATE TABLE bulk_exports (
  export_id text primary key,
  group_name text not null,
  request_url text not null,
  resource_types text,
  since integer,
  requested_by text not null,
  requested_at integer not null,
  state text not null check (state in ('waiting', 'ready', 'failed')),
  transaction_time integer,
  files text,
  expires_at integer
);

CREATE TABLE carry_own_keys (
  peer text not null,
  purpose text not null check (purpose in ('sign', 'open')),
  private_key text not null,
  primary key (peer, purpose)
);

CREATE TABLE carry_peer_keys (
  peer text not null,
  role text not null check (role in ('parent', 'child')),
  signing_key text,
  sealing_key text not null,
  told_at integer not null,
  primary key (peer, role)
);

CREATE TABLE carry_turns (
  peer text not null,
  step text not null check (step in ('written', 'played', 'taken')),
  turn integer not null check (turn >= 0),
  primary key (peer, step)
);

CREATE TABLE catchment_members (
  catchment text  not null,
  patient text  not null,
  state text not null check (state in ('member', 'suspended', 'left')),
  since integer not null,
  reason text not null,
  primary key (catchment, patient)
) without rowid;

CREATE INDEX catchment_members_patient on catchment_members (patient);

CREATE INDEX catchment_members_since on catchment_members (catchment, since, patient, state);

CREATE INDEX catchment_members_state on catchment_members (catchment, state);

CREATE TABLE catchment_passes (
  catchment text primary key,
  patients_after text not null,
  done integer not null,
  total integer not null,
  wait_for text,
  begun_at integer not null,
  ended_at integer
);

CREATE TABLE catchment_rules (
  name text not null,
  version integer not null,
  rule text not null,
  set_at integer not null,
  set_by text not null,
  reason text,
  primary key (name, version)
);

CREATE TABLE catchment_state (
  one integer primary key check (one = 1),
  generation integer not null default 0,
  places integer not null default 0,
  metadata_types text
);

CREATE TABLE catchments (
  name text primary key,
  version integer not null check (version > 0),
  rule text not null
);

CREATE TABLE child_catchments (
  node text primary key,
  catchment text not null,
  assigned_at integer not null,
  assigned_by text not null,
  from_epoch text not null,
  from_position integer not null
);

CREATE TABLE child_incarnations (
  node text not null,
  incarnation text not null,
  counter integer not null,
  primary key (node, incarnation)
);

CREATE TABLE child_instances (
  node text primary key,
  instance text not null,
  former text not null,
  incarnation text not null,
  contested_at integer
  , refused text not null default '[]');

CREATE TABLE child_nodes (
  node text primary key,
  public_key text not null,
  enrolled_at integer not null,
  revoked_at integer,
  last_seen_at integer,
  marker_epoch text,
  marker_position integer
);

CREATE TABLE child_reports (
  node text primary key,
  told_at integer not null,
  version text not null,
  clock_offset_ms integer not null,
  unsent integer not null,
  unsent_since integer,
  parked integer not null,
  failed integer not null,
  open_conflicts integer not null
  , children integer);

CREATE TABLE child_verifications (
  node text primary key,
  asked_at integer not null
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

CREATE TABLE compartment_fetches (
  parent text not null,
  patient text  not null,
  place text,
  asked_at integer not null,
  primary key (parent, patient)
);

CREATE TABLE "conflict_decisions" (
  position integer primary key autoincrement,
  decision_id text not null unique,
  parent text not null,
  conflict_id text not null,
  type text not null,
  id text not null,
  kind text not null check (kind in ('resolve', 'assign', 'reopen')),
  node text not null,
  decided_at integer not null,
  decided_by text not null,
  reason text,
  choice text,
  version integer not null,
  assignee text,
  change text,
  undoes text,
  refused_reason text,
  refused_at integer
);

CREATE INDEX conflict_decisions_conflict on conflict_decisions (conflict_id);

CREATE TABLE conflict_meetings (
  meeting_id text primary key,
  base_version integer,
  base_body text,
  mine_node text not null,
  mine_author text,
  mine_version integer,
  mine_at integer,
  mine_body text,
  theirs_node text not null,
  theirs_author text,
  theirs_version integer,
  theirs_at integer,
  theirs_body text
);

CREATE TABLE "conflicts" (
  conflict_id text primary key,
  type text not null,
  id text not null,
  version integer not null,
  element text not null,
  their_node text not null,
  operation_id text not null,
  state text not null check (state in ('open', 'resolved', 'superseded', 'settled')),
  opened_at integer not null,
  assignee text,
  resolved_at integer,
  resolved_by text,
  resolved_node text,
  resolution_reason text,
  resolution_choice text check (resolution_choice in ('parent', 'child', 'current', 'value')),
  resolved_version integer,
  superseded_by text,
  meeting_id text,
  link text,
  link_revision integer,
  revision integer not null check (revision > 0)
  , resolution_change text, undone text);

CREATE INDEX conflicts_meeting on conflicts (meeting_id);

CREATE INDEX conflicts_open on conflicts (opened_at, conflict_id) where state = 'open';

CREATE INDEX conflicts_record on conflicts (type, id);

CREATE TABLE departed_patients (
  patient text  primary key not null,
  departed_at integer not null,
  purge_at integer,
  state text not null check (state in ('leaving', 'read-only', 'gone'))
);

CREATE TABLE enrolment_codes (
  code_hash text primary key,
  node text not null,
  issued_at integer not null,
  expires_at integer not null,
  used_at integer,
  used_key text
  , catchment text);

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

CREATE TABLE foreign_audit_chains (
  node text not null,
  chain text not null,
  via text not null,
  begins_after integer not null check (begins_after >= 0),
  hash_before text not null,
  position integer not null,
  chain_hash text not null,
  last_told_at integer not null,
  first_entry_id integer not null,
  broken_at integer,
  broken_position integer,
  primary key (node, chain),
  check (position > begins_after)
);

CREATE INDEX foreign_audit_chains_via on foreign_audit_chains (via);

CREATE TABLE foreign_audit_entries (
  node text not null,
  chain text not null,
  position integer not null check (position > 0),
  chain_hash text not null,
  entry_id integer not null unique,
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
  primary key (node, chain, position)
);

CREATE INDEX foreign_audit_entries_actor on foreign_audit_entries (actor, entry_id);

CREATE INDEX foreign_audit_entries_at on foreign_audit_entries (at, entry_id);

CREATE INDEX foreign_audit_entries_node on foreign_audit_entries (node, entry_id);

CREATE INDEX foreign_audit_entries_operation on foreign_audit_entries (operation, entry_id);

CREATE INDEX foreign_audit_entries_outcome on foreign_audit_entries (outcome, entry_id);

CREATE INDEX foreign_audit_entries_position on foreign_audit_entries (position);

CREATE INDEX foreign_audit_entries_reference on foreign_audit_entries (reference, entry_id);

CREATE TABLE former_child_catchments (
  node text not null,
  catchment text not null,
  until integer not null,
  primary key (node, catchment)
);

CREATE TABLE gathered_records (
  parent text not null,
  patient text  not null,
  type text not null,
  id text  not null,
  record text,
  primary key (parent, patient, type, id)
);

CREATE TABLE guest_grants (
  node text not null,
  patient text  not null,
  purpose text not null,
  granted_at integer not null,
  granted_until integer not null,
  primary key (node, patient)
);

CREATE TABLE guest_patients (
  patient text  primary key not null,
  purpose text not null,
  fetched_at integer not null,
  kept_until integer not null
);

CREATE TABLE held_pulls (
  link text not null,
  type text not null,
  id text not null,
  held_at integer not null,
  primary key (link, type, id)
) without rowid;

CREATE TABLE known_holders (
  node text not null,
  patient text  not null,
  primary key (node, patient)
) without rowid;

CREATE TABLE link_bases (
  link text not null,
  type text not null,
  id text not null,
  local_version integer not null,
  remote_version integer not null, differs integer not null default 0, is_outside integer not null default 0,
  primary key (link, type, id)
) without rowid;

CREATE TABLE link_pauses (
  parent text not null,
  direction text not null check (direction in ('push', 'pull')),
  paused_at integer not null,
  paused_by text not null,
  reason text not null,
  primary key (parent, direction)
);

CREATE TABLE link_verifications (
  parent text primary key,
  verified_at integer not null,
  outcome text not null check (outcome in ('identical', 'different', 'out-of-step')),
  records integer not null,
  differences integer not null,
  waiting integer not null,
  repaired integer not null,
  identical_at integer
);

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

CREATE TABLE parked_missing (
  type text not null,
  id text not null,
  operation_id text not null,
  primary key (type, id, operation_id)
) without rowid;

CREATE INDEX parked_missing_unit on parked_missing (operation_id);

CREATE TABLE parked_records (
  node text not null,
  type text not null,
  id text not null,
  operation_id text not null,
  primary key (node, type, id, operation_id)
) without rowid;

CREATE INDEX parked_records_name on parked_records (type, id);

CREATE INDEX parked_records_unit on parked_records (operation_id);

CREATE TABLE parked_units (
  operation_id text primary key,
  node text not null,
  counter integer not null,
  unit text not null,
  bytes integer not null,
  parked_at integer not null
);

CREATE INDEX parked_units_node on parked_units (node);

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
  rejected_reason text, attempts integer not null default 0, first_refused_at integer, last_refused_at integer, first_counter integer, parked_missing text, next_attempt_at integer, failure_class text, judged_by text, is_discarded integer not null default 0,
  primary key (parent, counter)
);

CREATE INDEX push_units_failed on push_units (parent, (coalesce(first_counter, counter)))
  where failure_class is not null;

CREATE INDEX push_units_refused on push_units (parent, (coalesce(first_counter, counter)))
  where rejected_reason is not null;

CREATE TABLE push_verdicts (
  operation_id text primary key,
  node text not null,
  verdict text not null,
  given_at integer not null
  , content_digest text);

CREATE TABLE read_entries (
  read_order integer primary key autoincrement,
  consumer text not null,
  feed_uri text not null,
  entry_id text not null, read_at integer,
  unique (consumer, feed_uri, entry_id)
);

CREATE INDEX read_entries_order on read_entries (consumer, feed_uri, read_order);

CREATE TABLE relay_steps (
  node text not null,
  incarnation text not null,
  counter integer not null,
  carried_by integer not null,
  primary key (node, incarnation, counter)
) without rowid;

CREATE TABLE relayed_records (
  node text not null,
  incarnation text not null,
  counter integer not null,
  type text not null,
  id text not null,
  version integer not null,
  primary key (node, incarnation, counter, type, id)
) without rowid;

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

CREATE TABLE seen_places (
  parent text not null,
  stream text not null,
  position integer not null,
  epoch text not null,
  entry_digest text,
  primary key (parent, stream, position)
);

CREATE TABLE settings_versions (
  version integer primary key check (version > 0),
  set_at integer not null,
  set_by text not null,
  reason text not null,
  settings text not null,
  set_in text not null
);

CREATE TABLE setup_link (
  only_row integer primary key check (only_row = 1),
  token_hash text not null,
  made_at integer not null
);

CREATE TABLE snapshot_progress (
  parent text primary key,
  snapshot_id text not null,
  manifest text not null,
  started_at integer not null
);

CREATE TABLE snapshot_ticks (
  parent text not null,
  sha256 text not null,
  primary key (parent, sha256)
);

CREATE TABLE snapshot_unmet (
  parent text not null,
  type text  not null,
  id text  not null,
  primary key (parent, type, id)
);

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

CREATE TABLE stream_trail (
  parent text not null,
  stream text not null,
  position integer not null,
  entry_digest text not null,
  primary key (parent, stream, position)
);

CREATE TABLE taken_decisions (
  decision_id text primary key,
  node text not null,
  taken_at integer not null
);

CREATE TABLE tier_reach (
  node text not null,
  tier text not null,
  distance integer not null,
  incarnation text not null,
  counter integer not null,
  primary key (node, tier)
) without rowid;

CREATE TABLE traffic_quarters (
  node text not null,
  at integer not null,
  requests integer not null,
  bytes_sent integer not null,
  bytes_received integer not null,
  records_in integer not null,
  records_out integer not null,
  failures integer not null,
  primary key (node, at)
);

CREATE INDEX traffic_quarters_at on traffic_quarters (at);

CREATE TABLE unborn_records (
  type text not null,
  id text not null, node text not null default '',
  primary key (type, id)
) without rowid;

CREATE TABLE unfinished_offers (parent text primary key);

CREATE TABLE user_sessions (
  token_hash text primary key,
  name text not null references users (name) on delete cascade,
  begun_at integer not null,
  used_at integer not null
);

CREATE INDEX user_sessions_name on user_sessions (name, begun_at);

CREATE INDEX user_sessions_used on user_sessions (used_at);

CREATE TABLE users (
  name text primary key,
  role text not null check (role in ('viewer', 'operator', 'reviewer', 'administrator')),
  language text not null,
  password_hash text not null,
  created_at integer not null,
  last_seen_at integer,
  failures integer not null default 0 check (failures >= 0),
  locked_until integer
  , issuer text, subject text);

CREATE UNIQUE INDEX users_subject on users (issuer, subject) where issuer is not null;
