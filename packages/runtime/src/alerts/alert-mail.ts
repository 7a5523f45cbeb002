import type { Alert } from "./alerts.ts";

/** The words of one message: nodes, numbers and times, and nothing of any record. */
export interface AlertMail {
  readonly subject: string;
  readonly text: string;
}

/** Writes what has changed about some alerts as one message, what is wrong before what is over. Pure. */
export function alertMail(node: string, alerts: readonly Alert[]): AlertMail {
  const open = alerts.filter(({ state }) => state === "open");
  const closed = alerts.filter(({ state }) => state === "closed");
  const first = open[0] ?? closed[0];
  const others = alerts.length > 1 ? ` and ${alerts.length - 1} more` : "";
  const word = open.length === 0 ? "over" : (open.find(({ severity }) => severity === "critical") ?? open[0])?.severity;
  return {
    subject: `[tributary ${node}] ${word}: ${first?.rule ?? ""} ${first?.subject ?? ""}${others}`,
    text: [
      ...open.map((alert) => `${alert.severity.toUpperCase()}  ${alert.sentence}\n  ${about(alert)}`),
      ...closed.map((alert) => `OVER  ${alert.sentence}\n  ${about(alert)}`),
      `Told by the node ${node}. The rules and their limits stand in its configuration under alerts.`,
    ].join("\n\n"),
  };
}

function about({ rule, value, limit, openedAt, closedAt }: Alert): string {
  const until = closedAt === null ? "" : `, over at ${new Date(closedAt).toISOString()}`;
  return `${rule}, ${value} where ${limit} is allowed, since ${new Date(openedAt).toISOString()}${until}`;
}
