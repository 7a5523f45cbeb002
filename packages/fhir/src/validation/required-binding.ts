import type { RequiredCodes } from "../definitions/required-codes.ts";
import { isJsonObject } from "../model/json-value.ts";
import type { PrimitiveFormat } from "./primitive-formats.ts";
import type { Check } from "./property-check.ts";

/** Checks that a code is one of those that a required binding allows. */
export function codeInValueSet({ codes }: RequiredCodes, format: PrimitiveFormat): Check {
  const allowed = describe(codes);
  return (value, run) => {
    if (codes.has(value as string)) return;
    const problem = format(value);
    if (problem !== undefined) return run.report(problem.code, problem.reason);
    run.report("code-invalid", `must be ${allowed}${whatItIs(value)}`);
  };
}

/** Checks that at least one coding of a concept is one of those that a required binding allows. */
export function conceptInValueSet({ codes, bySystem }: RequiredCodes): Check {
  const allowed = describe(codes);
  return (value, run) => {
    if (!isJsonObject(value)) return;
    const { coding, extension } = value;
    if (Array.isArray(coding)) {
      for (let index = 0; index < coding.length; index++) {
        const one = coding[index];
        if (isJsonObject(one) && bySystem.get(one["system"] as string)?.has(one["code"] as string)) return;
      }
    } else if (extension !== undefined) return;
    const systems = [...bySystem.keys()].join(" or ");
    run.report("code-invalid", `must have a coding of ${systems} with a code that is ${allowed}`);
  };
}

/** How many codes a message lists before it only says how many there are. */
const listedMax = 12;

function describe(codes: ReadonlySet<string>): string {
  return codes.size <= listedMax
    ? `one of ${[...codes].join(", ")}`
    : `one of the ${codes.size} codes of its value set`;
}

/** NOTE: Only what looks like a code is repeated; anything else may be text about a person. */
function whatItIs(value: unknown): string {
  return /^[A-Za-z0-9._:|+-]{1,40}$/.test(value as string) ? ` and not ${value as string}` : "";
}
