import type { JsonValue } from "@tributary/fhir";
import type { CatchmentStrategy } from "../rule/catchment-strategy.ts";

const patternLengthMax = 200;

/**
 * Chooses patients by an identifier: `{"identifier": {"system": "urn:national-id", "value": "KE-*"}}`. In the value `*`
 * stands for any characters; without a system every identifier counts.
 */
export const identifier: CatchmentStrategy = {
  name: "identifier",
  read(given) {
    const { system, value } = (typeof given === "object" && given !== null ? given : {}) as Record<string, unknown>;
    if (typeof value !== "string" || value === "" || value.length > patternLengthMax)
      return "it has a value, such as KE-*.";
    if (system !== undefined && typeof system !== "string") return "its system is a URI.";
    return {
      needs: { body: true },
      holds: ({ body }) =>
        body !== undefined &&
        membersOf(body["identifier"]).some(
          (one) => (system === undefined || one["system"] === system) && fits(value, one["value"]),
        ),
    };
  },
};

function membersOf(value: JsonValue | undefined): readonly Readonly<Record<string, JsonValue>>[] {
  if (!Array.isArray(value)) return [];
  return value.filter((one): one is Record<string, JsonValue> => typeof one === "object" && one !== null);
}

/** Whether a text fits a pattern: its parts between the stars stand in it one after another. Linear, whatever the pattern. */
function fits(pattern: string, text: JsonValue | undefined): boolean {
  if (typeof text !== "string") return false;
  const parts = pattern.split("*");
  const [first = "", last = ""] = [parts[0], parts.at(-1)];
  if (parts.length === 1) return text === pattern;
  if (text.length < first.length + last.length || !text.startsWith(first) || !text.endsWith(last)) return false;
  let at = first.length;
  const end = text.length - last.length;
  for (const part of parts.slice(1, -1)) {
    const found = text.indexOf(part, at);
    if (found < 0 || found + part.length > end) return false;
    at = found + part.length;
  }
  return true;
}
