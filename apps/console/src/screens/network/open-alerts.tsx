import { InlineNotification } from "@carbon/react";
import type { AlertAnswer } from "@tributary/admin-api";
import { useAnswer } from "../../api/use-answer.ts";
import { useWords } from "../../words/words.tsx";

/** Alerts that stand above the network; the others are behind the next page of the list. */
const shownMax = 3;

/** The alerts that are open, the most pressing first; nothing when all is well. */
export function OpenAlerts() {
  const { say, time } = useWords();
  const alerts = useAnswer<{ readonly items: readonly AlertAnswer[] }>("/alerts?state=open");
  const items = [...(alerts.data?.items ?? [])].sort((a, b) => rank(a) - rank(b));
  if (items.length === 0) return null;
  return (
    <section className="alerts" aria-label={say("network.alerts")}>
      {items.slice(0, shownMax).map(({ alertId, severity, sentence, openedAt }) => (
        <InlineNotification
          key={alertId}
          kind={severity === "critical" ? "error" : "warning"}
          lowContrast
          hideCloseButton
          title={sentence}
          subtitle={`${say("network.alertSince")} ${time(openedAt)}`}
        />
      ))}
      {items.length > shownMax && <p>{say("network.more", { count: items.length - shownMax })}</p>}
    </section>
  );
}

function rank({ severity }: AlertAnswer): number {
  return severity === "critical" ? 0 : 1;
}
