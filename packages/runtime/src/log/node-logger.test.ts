import { TributaryError } from "@tributary/kernel";
import { expect, it } from "vitest";
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
