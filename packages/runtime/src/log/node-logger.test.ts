import { TributaryError } from "@tributary/kernel";
import { expect, it } from "vitest";
import { LogTail } from "./log-tail.ts";
import { openNodeLogger } from "./node-logger.ts";

function logged(level: "debug" | "info" | "silent") {
  const lines: string[] = [];
  const logger = openNodeLogger({ level, nodeId: "clinic-1", destination: { write: (line) => void lines.push(line) } });
  return { logger, lines };
}

it("writes one JSON object a line, with node, time, level, fields and sentence", () => {
  const { logger, lines } = logged("info");

  logger.info({ records: 3 }, "A pull has ended.");

  expect(lines).toHaveLength(1);
  expect(JSON.parse(lines[0]!)).toEqual({
    level: "info",
    time: expect.stringMatching(/^\d{4}-.*Z$/),
    node: "clinic-1",
    records: 3,
    message: "A pull has ended.",
  });
});

it("carries an error's code and stack", () => {
  const { logger, lines } = logged("info");

  logger.warn({ err: new TributaryError("REMOTE_UNAVAILABLE", "No line.") }, "A round failed.");

  expect(JSON.parse(lines[0]!).err).toMatchObject({
    code: "REMOTE_UNAVAILABLE",
    message: "No line.",
    stack: expect.any(String),
  });
});

it("leaves out what is less important than its level", () => {
  const { logger, lines } = logged("info");
  logger.debug({}, "Detail.");

  expect(lines).toEqual([]);
});

it("writes every line to the tail too, which keeps the last ones", () => {
  const tail = new LogTail();
  const lines: string[] = [];
  const destination = { write: (line: string) => void lines.push(line) };
  const logger = openNodeLogger({ level: "debug", nodeId: "clinic-1", destination, tail });

  for (let n = 0; n < 600; n++) logger.debug({ n }, "Detail.");

  expect(lines).toHaveLength(600);
  expect(tail.lines).toHaveLength(500);
  expect(JSON.parse(tail.lines.at(-1) ?? "")).toMatchObject({ n: 599, message: "Detail." });
});
