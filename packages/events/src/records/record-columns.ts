import type { BulkColumnType, SqlValue } from "@tributary/database";

/**
 * The columns that a record has while it is queued and when it is in the log. The first six are historic; the others
 * are ours, and null in rows that other programs wrote.
 */
export const recordColumns = {
  uuid: "text",
  title: "text",
  uri: "text",
  object: "text",
  category: "text",
  tags: "text",
  event_type: "text",
  entity_type: "text",
  entity_id: "text",
  version: "bigint",
  operation: "text",
  body_hash: "text",
  origin_node: "text",
  origin_operation: "text",
  order_key: "text",
  order_seq: "bigint",
  tx_id: "text",
  tx_index: "integer",
  tx_size: "integer",
} as const satisfies Record<string, BulkColumnType>;

/** The values of those columns by name. */
export type RecordValues = Readonly<Record<keyof typeof recordColumns, SqlValue>>;

export const recordColumnNames = Object.keys(recordColumns) as readonly (keyof typeof recordColumns)[];
