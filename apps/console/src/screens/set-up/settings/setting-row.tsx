import { Button } from "@carbon/react";
import type { SettingsAnswer } from "@tributary/admin-api";
import { type ReactNode, useState } from "react";
import { useDeed } from "../../../api/use-answer.ts";
import { useRight } from "../../../app/session.tsx";
import { ConfirmWithReason } from "../../../parts/confirm-with-reason.tsx";
import { useWords } from "../../../words/words.tsx";
import { SettingDialog, settingsOutdate } from "./setting-dialog.tsx";
import { changeOf, inForce, type SettingKey } from "./setting-key.ts";
import { useSettingText } from "./use-setting-text.ts";

/** One setting in force, where it comes from, and for administrators the ways to change it and back. */
export function SettingRow({
  name,
  settings,
  children,
}: {
  readonly name: SettingKey;
  readonly settings: SettingsAnswer;
  /** How it is shown, when not as one line of text. */
  readonly children?: ReactNode;
}) {
  const { say } = useWords();
  const settingText = useSettingText();
  const mayAdminister = useRight("administer");
  const [doing, set] = useState<"change" | "return">();
  const deed = useDeed(settingsOutdate);
  const { value, from, version, file } = inForce(settings, name);
  const close = () => set(undefined);
  const setting = say(`setting.${name}`);
  const goBack = (reason: string) => {
    const body = changeOf(name, null, { version: settings.version, reason });
    deed.mutate({ method: "PUT", path: "/settings", body }, { onSuccess: close });
  };
  return (
    <div className="setting-row">
      <div className="setting-row__value">
        {children ?? <span>{settingText(name, value)}</span>}
        <span className="under">
          {from === "file" ? say("setting.fromFile") : say("setting.fromVersion", { version: version ?? 0 })}
        </span>
      </div>
      {mayAdminister && (
        <div className="actions">
          <Button
            size="sm"
            kind="tertiary"
            aria-label={`${say("users.change")}: ${setting}`}
            onClick={() => set("change")}
          >
            {say("users.change")}
          </Button>
          {from === "settings" && (
            <Button
              size="sm"
              kind="ghost"
              aria-label={`${say("setting.return")}: ${setting}`}
              onClick={() => set("return")}
            >
              {say("setting.return")}
            </Button>
          )}
        </div>
      )}
      {doing === "change" && <SettingDialog name={name} inForce={value} follows={settings.version} close={close} />}
      {doing === "return" && (
        <ConfirmWithReason
          title={say("setting.returnTitle", { setting })}
          confirm={say("setting.return")}
          error={deed.error}
          busy={deed.isPending}
          onConfirm={goBack}
          onCancel={close}
        >
          <p className="spaced">{say("setting.returnMore", { value: settingText(name, file) })}</p>
        </ConfirmWithReason>
      )}
    </div>
  );
}
