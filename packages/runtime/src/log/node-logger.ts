import type { LogFields, Logger } from "@tributary/kernel";
import { type DestinationStream, type Level, pino } from "pino";

/** From which level on a node logs, and under which name. */
export interface NodeLoggerOptions {
  readonly level: "debug" | "info" | "warn" | "error" | "silent";
  /** Stands in every line, so that lines of several nodes can be told apart. */
  readonly nodeId: string;
  /** Standard output when left out. */
  readonly destination?: DestinationStream;
  /** Is written every line too. */
  readonly tail?: DestinationStream;
}

/** A node's log: one JSON object a line, with the time as ISO 8601 and the level as a word. */
export function openNodeLogger({ level, nodeId, destination, tail }: NodeLoggerOptions): Logger {
  const lines = pino(
    {
      level,
      base: { node: nodeId },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      messageKey: "message",
    },
    ...streamsOf(destination, tail),
  );
  const write =
    (at: Level) =>
    (fields: LogFields, sentence: string): void =>
      lines[at](fields, sentence);
  return { debug: write("debug"), info: write("info"), warn: write("warn"), error: write("error") };
}

function streamsOf(destination: DestinationStream | undefined, tail: DestinationStream | undefined) {
  if (!tail) return destination ? [destination] : [];
  // Each is given what the logger lets through; a stream's own level would hold lines back.
  const streams = [destination ?? pino.destination(1), tail].map((stream) => ({ level: "trace" as const, stream }));
  return [pino.multistream(streams)];
}
