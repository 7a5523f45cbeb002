/** Fields whose texts name nodes, codes and times, and nobody. Numbers and truths are kept under whatever name. */
const keptTexts: ReadonlySet<string> = new Set([
  "time",
  "level",
  "node",
  "message",
  "code",
  "name",
  "worker",
  "method",
  "status",
  "outcome",
  "requestId",
  "parent",
  "child",
  "role",
  "version",
  "stream",
  "consumer",
  "policy",
  "reason",
]);
/** A longer text is no code and no name. */
const textLengthMax = 200;
/** Frames of a stack that are kept. */
const framesMax = 20;

/**
 * A line of a node's log for those who help: fields that it knows, with paths cut down to what they are paths of, and
 * errors to their codes and the places in the program. `undefined` for what is no line of such a log. Pure.
 */
export function cleanLogLine(text: string): Readonly<Record<string, unknown>> | undefined {
  const line = objectIn(text);
  if (!line) return undefined;
  const kept: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(line)) {
    if (key === "path" && typeof value === "string") kept[key] = pathShape(value);
    else if ((key === "err" || key === "error") && typeof value === "object") kept[key] = errorOf(value);
    else if (typeof value === "string") {
      if (keptTexts.has(key) && value.length <= textLengthMax) kept[key] = value;
    } else if (typeof value === "number" || typeof value === "boolean") kept[key] = value;
  }
  return kept;
}

/** What a path is a path of: `/fhir/Patient/123` becomes `/fhir/Patient/*`. */
function pathShape(path: string): string {
  const [room = "", second = "", third = "", ...rest] = path.split("/").slice(1);
  const isApi = room === "admin" || room === "sync";
  const isType = room === "fhir" && /^[A-Z][A-Za-z]{1,40}$|^metadata$/.test(second);
  const shape = [
    room,
    second && (isApi || isType ? second : "*"),
    third && (isApi ? third : "*"),
    ...rest.map(() => "*"),
  ];
  return `/${shape.filter(Boolean).join("/")}`;
}

function errorOf(value: unknown): Readonly<Record<string, unknown>> {
  const { type, code, stack } = (value ?? {}) as Readonly<Record<string, unknown>>;
  const frames = typeof stack === "string" ? stack.split("\n").filter((line) => /^\s+at /.test(line)) : [];
  return {
    ...(typeof type === "string" ? { type: type.slice(0, textLengthMax) } : {}),
    ...(typeof code === "string" ? { code: code.slice(0, textLengthMax) } : {}),
    at: frames.slice(0, framesMax).map((frame) => frame.trim()),
  };
}

function objectIn(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    const isLine = typeof value === "object" && value !== null && !Array.isArray(value) && "level" in value;
    return isLine ? (value as Readonly<Record<string, unknown>>) : undefined;
  } catch {
    return undefined;
  }
}
