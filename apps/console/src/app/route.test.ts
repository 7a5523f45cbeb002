import { expect, it } from "vitest";
import { matchPath } from "./route.ts";

it("hands over the named parts of a path, decoded", () => {
  expect(matchPath("/failures/:id", "/failures/pull%3APatient%2F123")).toEqual({ id: "pull:Patient/123" });
  expect(matchPath("/records/:type/:id", "/records/Patient/7")).toEqual({ type: "Patient", id: "7" });
});

it("matches no path of another length or with another word", () => {
  expect(matchPath("/conflicts", "/conflicts/1")).toBeUndefined();
  expect(matchPath("/conflicts/:id", "/failures/1")).toBeUndefined();
});

it("takes a part that is not well encoded as it stands", () => {
  expect(matchPath("/conflicts/:id", "/conflicts/%E0%A4%A")).toEqual({ id: "%E0%A4%A" });
});
