/** More steps than this are a circle. */
const stepsMax = 20;

/**
 * As much of a browser as a sign-in at the test provider needs: it keeps the provider's cookies, follows where it is sent,
 * and fills in the two forms. Returns where the provider sends it back to.
 */
export async function signInAtProvider(begin: URL, account: string): Promise<URL> {
  const jar = new Map<string, string>();
  let next = begin;
  let form: URLSearchParams | undefined;
  for (let step = 0; step < stepsMax; step++) {
    const answer = await fetch(next, {
      method: form ? "POST" : "GET",
      redirect: "manual",
      headers: { cookie: [...jar].map(([name, value]) => `${name}=${value}`).join("; ") },
      ...(form ? { body: form } : {}),
    });
    for (const cookie of answer.headers.getSetCookie()) {
      const [name = "", value = ""] = (cookie.split(";")[0] ?? "").split(/=(.*)/s);
      if (value === "") jar.delete(name);
      else jar.set(name, value);
    }
    const text = await answer.text();
    const location = answer.headers.get("location");
    form = undefined;
    if (location !== null) {
      next = new URL(location, next);
      if (next.origin !== begin.origin) return next;
      continue;
    }
    const action = /<form[^>]* action="([^"]+)"/.exec(text)?.[1];
    const prompt = /name="prompt" value="(\w+)"/.exec(text)?.[1];
    if (action === undefined || prompt === undefined)
      throw new Error(`The provider answered ${answer.status}: ${text}`);
    next = new URL(action, next);
    form = new URLSearchParams(prompt === "login" ? { prompt, login: account, password: "any" } : { prompt });
  }
  throw new Error("The provider sends the browser around in circles.");
}
