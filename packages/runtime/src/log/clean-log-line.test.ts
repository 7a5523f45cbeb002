import { expect, it } from "vitest";
import { cleanLogLine } from "./clean-log-line.ts";

it("keeps codes, numbers and names of nodes, and of a path what it is a path of", () => {
  const line = {
    level: "info",
    time: "2026-11-21T08:00:00.000Z",
    node: "centre",
    method: "PUT",
    path: "/fhir/Patient/rose-achieng",
    status: 200,
    ms: 3.5,
    caller: "amina",
    message: "Answered.",
  };

  const { caller: _, ...kept } = line;
  expect(cleanLogLine(JSON.stringify(line))).toEqual({ ...kept, path: "/fhir/Patient/*" });
});

it.each([
  ["/fhir/rose", "/fhir/*"],
  ["/admin/v1/timeline/Patient/rose", "/admin/v1/timeline/*/*"],
  ["/sync/v1/push", "/sync/v1/push"],
  ["/feed/patient/7", "/feed/*/*"],
  ["/", "/"],
])("cuts %s down to %s", (path, shape) => {
  expect(cleanLogLine(JSON.stringify({ level: "info", path }))).toEqual({ level: "info", path: shape });
});

it("keeps of an error its code and the places in the program, and not its sentence", () => {
  const stack = "Error: Rose Achieng has no ward\n    at judge (judge-unit.ts:1:2)\n    at run (loop.ts:3:4)";
  const err = { type: "TributaryError", code: "REMOTE_REFUSED", message: "Rose Achieng has no ward", stack };

  const cleaned = cleanLogLine(JSON.stringify({ level: "error", err, patient: "Rose Achieng" }));

  expect(cleaned).toEqual({
    level: "error",
    err: {
      type: "TributaryError",
      code: "REMOTE_REFUSED",
      at: ["at judge (judge-unit.ts:1:2)", "at run (loop.ts:3:4)"],
    },
  });
});

it("knows what is no line of a log", () => {
  expect(["", "Rose", "{}", "[1]", "null"].map(cleanLogLine)).toEqual(Array.from({ length: 5 }, () => undefined));
});
