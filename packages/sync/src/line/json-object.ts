/**
 * The JSON object in what another node sent, its members unread, for a parser to take apart; a list counts as one. What is
 * no JSON, or no object, says nothing: `undefined`.
 */
export function jsonObjectIn(text: string | Uint8Array): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(typeof text === "string" ? text : new TextDecoder().decode(text));
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
