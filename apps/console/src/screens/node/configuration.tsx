import { PlaceLink } from "../../app/location.tsx";
import { SettingsTable } from "../../parts/settings-table.tsx";
import { useWords } from "../../words/words.tsx";

/** What is set otherwise than it would be by itself, and on request every setting in force. */
export function Configuration() {
  const { say } = useWords();
  return (
    <section className="section" aria-labelledby="configuration">
      <div className="section__head">
        <h2 id="configuration">{say("node.configuration")}</h2>
        <PlaceLink className="cds--link" to="/set-up?tab=schedules">
          {say("node.schedules")}
        </PlaceLink>
      </div>
      <SettingsTable label={say("node.configuration")} isOnlySetAtFirst />
    </section>
  );
}
