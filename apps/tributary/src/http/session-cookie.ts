const cookieName = "tributary-session";
/** The cookie goes with the admin API alone: neither records nor feeds are to be had by it. */
const cookiePath = "/admin";

/** The session's token among a request's cookies. */
export function sessionTokenOf(cookie: string | string[] | undefined): string | undefined {
  const text = Array.isArray(cookie) ? cookie.join("; ") : (cookie ?? "");
  for (const part of text.split(";")) {
    const [name, value] = part.trim().split("=", 2);
    if (name === cookieName && value && /^[\w-]{20,100}$/.test(value)) return value;
  }
  return undefined;
}

/** Hands a session's token to the browser: no script reads it, no other site sends it, no plain line carries it. */
export function sessionCookie(token: string, { protocol }: URL): string {
  return `${cookieName}=${token}; Path=${cookiePath}; HttpOnly; SameSite=Strict${protocol === "https:" ? "; Secure" : ""}`;
}

/** Takes the token from the browser again. */
export function endedSessionCookie(url: URL): string {
  return `${sessionCookie("", url)}; Max-Age=0`;
}
