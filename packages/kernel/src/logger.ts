/** What a log line may carry beside its sentence: identifiers, codes and counts, never personal data. */
export type LogFields = Readonly<Record<string, string | number | boolean | null | undefined | Error>>;

/** Where a node says what came of its work: one line an outcome. */
export interface Logger {
  debug(fields: LogFields, sentence: string): void;
  info(fields: LogFields, sentence: string): void;
  warn(fields: LogFields, sentence: string): void;
  error(fields: LogFields, sentence: string): void;
}

/** Says nothing; for tests and for embedding. */
export const silentLogger: Logger = { debug() {}, info() {}, warn() {}, error() {} };
