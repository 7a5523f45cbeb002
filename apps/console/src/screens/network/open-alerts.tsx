import type { AlertAnswer } from "@tributary/admin-api";
import { useAnswer } from "../../api/use-answer.ts";
import { PlaceLink } from "../../app/location.tsx";
import { Notice } from "../../parts/notice.tsx";
import { useWords } from "../../words/words.tsx";
import { useAlertText } from "../alerts/use-alert-text.ts";

/** Alerts that stand above the network; the others stand on their own screen. */
const shownMax = 3;

/** The alerts that are open, the most pressing first; nothing when all is well. */
export function OpenAlerts() {
  const { say, time } = useWords();
  const alertText = useAlertText();
  const alerts = useAnswer<{ readonly items: readonly AlertAnswer[] }>("/alerts?state=open");
  const items = [...(alerts.data?.items ?? [])].sort((a, b) => rank(a) - rank(b));
  if (items.length === 0) {
    return (
      <p className="alerts">
        <PlaceLink className="cds--link" to="/alerts">
          {say("alerts.all")}
        </PlaceLink>
      </p>
    );
  }
  return (
    <section className="alerts" aria-label={say("network.alerts")}>
      {items.slice(0, shownMax).map((alert) => (
        <Notice
          key={alert.alertId}
          kind={alert.severity === "critical" ? "error" : "warning"}
          title={alertText(alert)}
          subtitle={`${say("network.alertSince")} ${time(alert.openedAt)}`}
        />
      ))}
      <p>
        {items.length > shownMax && `${say("network.more", { count: items.length - shownMax })} `}
        <PlaceLink className="cds--link" to="/alerts">
          {say("alerts.all")}
        </PlaceLink>
      </p>
    </section>
  );
}

function rank({ severity }: AlertAnswer): number {
  return severity === "critical" ? 0 : 1;
}
