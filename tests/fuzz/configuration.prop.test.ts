import { TributaryError } from "@tributary/kernel";
import { parseConfig } from "@tributary/runtime";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { aDamage } from "./damage.ts";
import { fuzzing, fuzzTimeoutMs, inTime } from "./fuzz-budget.ts";

const secret = "very-secret-password";
const configuration = `# A clinic's node
node:
  id: clinic-1
  role: child
database: "postgres://clinic:${secret}@db.example.org/tributary"
http:
  port: 8080
  host: 127.0.0.1
pull:
  everySeconds: 30
merge:
  policies:
    - { type: Patient, element: name, policy: parent-wins }
`;
const place = { where: "tributary.yaml", folder: "/srv/clinic" };

describe("a damaged configuration", () => {
  it(
    "is refused with a sentence that quotes no value, or is a whole configuration",
    async () => {
      await fc.assert(
        fc.asyncProperty(aDamage, async (damage) => {
          const damaged = damage(Buffer.from(configuration)).toString("utf8");
          const read = await inTime(() => parseConfig(damaged, place).catch((error: unknown) => error));

          if (!(read instanceof Error)) {
            expect(read).toHaveProperty("database");
            return;
          }
          expect(read).toBeInstanceOf(TributaryError);
          expect((read as TributaryError).code).toBe("CONFIG_INVALID");
          expect(read.message).not.toContain(secret);
        }),
        fuzzing(600),
      );
    },
    fuzzTimeoutMs,
  );

  it.each([
    [
      "aliases that double",
      `a: &a [x, x]\n${Array.from({ length: 30 }, (_, n) => `b${n}: &b${n} [*${n === 0 ? "a" : `b${n - 1}`}, *${n === 0 ? "a" : `b${n - 1}`}]`).join("\n")}`,
    ],
    ["a hundred thousand levels", `node: ${"[".repeat(100_000)}`],
    ["a merge key that goes in a circle", "node: &a\n  <<: *a\n"],
  ])("is refused at once when it has %s", async (_, hostile) => {
    const read = await inTime(() => parseConfig(hostile, place).catch((error: unknown) => error));
    expect(read).toBeInstanceOf(TributaryError);
  });
});
