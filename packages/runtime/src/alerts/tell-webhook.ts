import { createHmac } from "node:crypto";
import type { Exchange } from "@tributary/sync";
import type { Alert } from "./alerts.ts";

/** A web hook that has not answered for so long is tried again later. */
const answerWithinMs = 15_000;

export interface Webhook {
  readonly url: string;
  /** Without one the messages are not signed. */
  readonly secret: string | undefined;
}

/**
 * Tells a webhook that an alert has opened or closed. The body is JSON; the header `tributary-signature` is
 * `sha256=` and the HMAC of `tributary-timestamp`, a full stop and the body, so that neither can be made up or sent again
 * later. Tells whether the webhook has taken it: any status below 300.
 */
export async function tellWebhook(
  alert: Alert,
  { url, secret }: Webhook,
  { node, now, exchange }: { readonly node: string; readonly now: number; readonly exchange: Exchange },
  signal: AbortSignal,
): Promise<boolean> {
  const body = JSON.stringify({ node, ...alert });
  const timestamp = String(now);
  const answer = await exchange(
    {
      method: "POST",
      url: new URL(url),
      headers: {
        "content-type": "application/json",
        "tributary-timestamp": timestamp,
        ...(secret === undefined ? {} : { "tributary-signature": signatureOf(secret, timestamp, body) }),
      },
      body,
    },
    AbortSignal.any([signal, AbortSignal.timeout(answerWithinMs)]),
  );
  return answer.status < 300;
}

/** What a receiver computes again and compares. */
export function signatureOf(secret: string, timestamp: string, body: string): string {
  return `sha256=${createHmac("sha256", secret).update(`${timestamp}.${body}`).digest("hex")}`;
}
