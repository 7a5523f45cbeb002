import { expect, it } from "vitest";
import { csvCell } from "./audit-lines.ts";

it("writes cells that a spreadsheet takes for text", () => {
  const cells = [null, 7, "plain", 'say "so", then', "=1+1", "-x"].map(csvCell);

  expect(cells).toEqual(["", "7", "plain", '"say ""so"", then"', "'=1+1", "'-x"]);
});
