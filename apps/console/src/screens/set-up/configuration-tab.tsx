import { SettingsTable } from "../../parts/settings-table.tsx";
import { useWords } from "../../words/words.tsx";

/** Every setting as it is in force, and where it is changed. */
export function ConfigurationTab() {
  const { say } = useWords();
  return (
    <>
      <p className="section__lead">{say("settings.lead")}</p>
      <SettingsTable label={say("setUpScreen.configuration")} />
    </>
  );
}
