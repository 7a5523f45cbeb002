import type { CompiledQuery } from "kysely";
import type { ClientBase, CustomTypesConfig } from "pg";
import type { Sql, SqlValue } from "../sql.ts";

const int8Oid = 20;
const numericOid = 1700;
const timestampOid = 1114;
const timestamptzOid = 1184;
const dateOid = 1082;

/**
 * Makes PostgreSQL's values look like SQLite's: 64-bit integers are numbers (an unsafe one is an error), times and exact
 * decimals stay text.
 */
export const valueTypes: CustomTypesConfig = {
  getTypeParser(oid: number, format?: string) {
    if (format === "binary") return passOn(oid, "binary");
    if (oid === int8Oid) return safeInteger;
    if (oid === numericOid || oid === timestampOid || oid === timestamptzOid || oid === dateOid) return asText;
    return passOn(oid, "text");
  },
};

/** Runs statements on one PostgreSQL connection, fixed ones as named prepared statements. */
export class PostgresConnection {
  readonly #client: ClientBase;

  constructor(client: ClientBase) {
    this.#client = client;
  }

  async all<Row>(statement: Sql, parameters: readonly SqlValue[] | readonly unknown[]): Promise<Row[]> {
    const result = await this.#client.query({
      name: statement.name,
      text: statement.text("postgres"),
      values: parameters as unknown[],
    });
    return result.rows as Row[];
  }

  async run(statement: Sql, parameters: readonly SqlValue[] | readonly unknown[]): Promise<number> {
    const result = await this.#client.query({
      name: statement.name,
      text: statement.text("postgres"),
      values: parameters as unknown[],
    });
    return result.rowCount ?? 0;
  }

  async query<Row>(query: CompiledQuery<Row>): Promise<Row[]> {
    const result = await this.#client.query(query.sql, query.parameters as unknown[]);
    return result.rows as Row[];
  }

  async execute(text: string): Promise<void> {
    await this.#client.query(text);
  }
}

function asText(value: string): string {
  return value;
}

function safeInteger(value: string): number {
  const number = Number(value);
  if (!Number.isSafeInteger(number))
    throw new RangeError(`The integer ${value} is beyond 2^53 and cannot be read exactly.`);
  return number;
}

let defaults: ((oid: number, format: string) => (value: string) => unknown) | undefined;

function passOn(oid: number, format: string): (value: string) => unknown {
  if (!defaults) throw new Error("The PostgreSQL driver has not been loaded.");
  return defaults(oid, format);
}

/** Lets the driver, which is loaded only when it is needed, say how it reads every other type. */
export function useDriverDefaults(getTypeParser: (oid: number, format: string) => (value: string) => unknown): void {
  defaults = getTypeParser;
}
