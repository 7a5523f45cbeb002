/** The API token that a request carries, as a bearer or as the password of Basic; `undefined` when it carries none. */
export function tokenOf(authorization: string | undefined): string | undefined {
  const match = /^(bearer|basic)\s+(\S+)$/i.exec(authorization?.trim() ?? "");
  if (!match) return undefined;
  const [, scheme = "", value = ""] = match;
  if (scheme.toLowerCase() === "bearer") return value;
  const pair = Buffer.from(value, "base64").toString("utf8");
  const colon = pair.indexOf(":");
  return colon < 0 ? undefined : pair.slice(colon + 1);
}
