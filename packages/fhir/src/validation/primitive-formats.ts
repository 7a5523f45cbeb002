import { isDate, isDateTime, isInstant, isTime } from "./date-formats.ts";
import { findInNarrative } from "./narrative.ts";

/** What is wrong with a value: an issue-type code, and the rest of a sentence that begins with the element. */
export interface FormatProblem {
  readonly code: string;
  readonly reason: string;
}

/** Tells what is wrong with the value of a primitive; `undefined` when nothing is. */
export type PrimitiveFormat = (value: unknown) => FormatProblem | undefined;

/** The longest text of an element, in characters. See https://hl7.org/fhir/R4/datatypes.html#string */
export const textLengthMax = 1024 * 1024;

/** The largest whole number, since R4 keeps them within 32 bits. */
const integerMax = 2 ** 31 - 1;

/** The formats of all primitive types. See https://hl7.org/fhir/R4/datatypes.html#primitive */
export const primitiveFormats: ReadonlyMap<string, PrimitiveFormat> = new Map<string, PrimitiveFormat>([
  ["base64Binary", text(isBase64, "be base64 in groups of four characters")],
  ["boolean", (value) => (typeof value === "boolean" ? undefined : notBoolean)],
  ["canonical", text(isUri, "be an address without spaces")],
  ["code", text(isCode, "be a code, without space around it and with single spaces inside", textLengthMax)],
  ["date", text(isDate, "be a date that exists, as YYYY, YYYY-MM or YYYY-MM-DD")],
  ["dateTime", text(isDateTime, "be a date, or a date and time with seconds and time zone, that exists")],
  ["decimal", (value) => (typeof value === "number" && Number.isFinite(value) ? undefined : notDecimal)],
  ["id", text(isId, "be an id of 1 to 64 letters, digits, hyphens and dots")],
  ["instant", text(isInstant, "be a date and time with seconds and time zone that exists")],
  ["integer", wholeNumber(-(2 ** 31))],
  ["markdown", text(isText, "be text without control characters", textLengthMax)],
  ["oid", text(isOid, "be an OID, urn:oid: and numbers with dots between")],
  ["positiveInt", wholeNumber(1)],
  ["string", text(isText, "be text without control characters", textLengthMax)],
  ["time", text(isTime, "be a time of day as hh:mm:ss")],
  ["unsignedInt", wholeNumber(0)],
  ["uri", text(isUri, "be an address without spaces")],
  ["url", text(isUri, "be an address without spaces")],
  ["uuid", text(isUuid, "be a UUID, urn:uuid: and lower-case digits")],
  ["xhtml", xhtml],
]);

const notBoolean: FormatProblem = { code: "structure", reason: "must be true or false" };
const notDecimal: FormatProblem = { code: "structure", reason: "must be a JSON number" };
const notString: FormatProblem = { code: "structure", reason: "must be a JSON string" };
const emptyString: FormatProblem = { code: "structure", reason: "must not be an empty string" };
const tooLong: FormatProblem = {
  code: "too-long",
  reason: `must not be longer than the ${textLengthMax} characters that R4 allows`,
};

function text(isValid: (value: string) => boolean, expectation: string, lengthMax = Infinity): PrimitiveFormat {
  const problem = { code: "value", reason: `must ${expectation}` };
  return (value) => {
    if (typeof value !== "string") return notString;
    if (value === "") return emptyString;
    if (value.length > lengthMax) return tooLong;
    return isValid(value) ? undefined : problem;
  };
}

function wholeNumber(min: number): PrimitiveFormat {
  const problem = { code: "value", reason: `must be a whole number from ${min} to ${integerMax}` };
  return (value) => {
    if (typeof value !== "number") return notDecimal;
    return Number.isInteger(value) && value >= min && value <= integerMax ? undefined : problem;
  };
}

function xhtml(value: unknown): FormatProblem | undefined {
  if (typeof value !== "string") return notString;
  if (value.length > textLengthMax) return tooLong;
  const reason = findInNarrative(value);
  return reason === undefined ? undefined : { code: "value", reason };
}

/** Tells whether a text has no control characters but tab and line ends, however long it is. */
function isText(value: string): boolean {
  for (let at = 0; at < value.length; at++) {
    const unit = value.charCodeAt(at);
    if (unit < 0x20 && unit !== 0x09 && unit !== 0x0a && unit !== 0x0d) return false;
  }
  return true;
}

function isUri(value: string): boolean {
  return !/\s/.test(value);
}

function isCode(value: string): boolean {
  return /^\S+(?:\s\S+)*$/.test(value);
}

function isId(value: string): boolean {
  return /^[A-Za-z0-9.-]{1,64}$/.test(value);
}

function isOid(value: string): boolean {
  return /^urn:oid:[0-2](?:\.(?:0|[1-9][0-9]*))+$/.test(value);
}

function isUuid(value: string): boolean {
  return /^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/.test(value);
}

/** A loop, since a pattern would need memory for every group of a picture's megabytes. */
function isBase64(value: string): boolean {
  let inGroup = 0;
  let padding = 0;
  let count = 0;
  for (let at = 0; at < value.length; at++) {
    const unit = value.charCodeAt(at);
    if (unit === 0x20 || (unit >= 0x09 && unit <= 0x0d)) {
      if (inGroup !== 0) return false;
      continue;
    }
    if (unit === 0x3d) padding += 1;
    else if (padding > 0 || !isBase64Digit(unit)) return false;
    inGroup = (inGroup + 1) % 4;
    count += 1;
  }
  return count > 0 && inGroup === 0 && padding <= 2;
}

function isBase64Digit(unit: number): boolean {
  return (
    (unit >= 0x61 && unit <= 0x7a) || (unit >= 0x41 && unit <= 0x5a) || (unit >= 0x2f && unit <= 0x39) || unit === 0x2b
  );
}
