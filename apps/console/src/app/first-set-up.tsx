import { Button, InlineNotification, PasswordInput, TextInput } from "@carbon/react";
import type { SessionAnswer } from "@tributary/admin-api";
import { type FormEvent, useState } from "react";
import { ask } from "../api/ask.ts";
import { RequestFailed } from "../api/request-failed.ts";
import { useWords } from "../words/words.tsx";
import { Entrance } from "./entrance.tsx";
import { goTo } from "./location.tsx";

/** What the node asks of a password at the least. */
const passwordLengthMin = 10;

/**
 * Makes the first administrator, with the code of the link that the node printed, and signs in as it. The code stands
 * behind the link's `#`, which a browser sends to nobody.
 */
export function FirstSetUp({ enter }: { readonly enter: (session: SessionAnswer) => void }) {
  const { say } = useWords();
  const [failed, setFailed] = useState<string>();
  const [busy, setBusy] = useState(false);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const [user, password] = [form.get("user"), String(form.get("password"))];
    if (password.length < passwordLengthMin) return setFailed(say("setUp.short"));
    if (password !== form.get("again")) return setFailed(say("setUp.differs"));
    setBusy(true);
    try {
      const body = { token: form.get("token"), user, password };
      const session = await ask<SessionAnswer>("POST", "/setup", { body });
      goTo("/", { replace: true });
      enter(session);
    } catch (error) {
      if (!(error instanceof RequestFailed)) throw error;
      setFailed(error.message);
      setBusy(false);
    }
  };
  return (
    <Entrance title={say("setUp.title")} lead={say("setUp.lead")}>
      <form onSubmit={submit} className="entrance__form">
        {failed && <InlineNotification kind="error" title={failed} lowContrast hideCloseButton />}
        <TextInput
          id="token"
          name="token"
          labelText={say("setUp.token")}
          helperText={say("setUp.tokenHelp")}
          defaultValue={location.hash.slice(1)}
          autoComplete="off"
          required
        />
        <TextInput id="user" name="user" labelText={say("setUp.user")} autoComplete="username" required />
        <PasswordInput
          id="password"
          name="password"
          labelText={say("setUp.password")}
          helperText={say("setUp.passwordHelp")}
          autoComplete="new-password"
          required
        />
        <PasswordInput id="again" name="again" labelText={say("setUp.again")} autoComplete="new-password" required />
        <Button type="submit" disabled={busy}>
          {say("setUp.submit")}
        </Button>
      </form>
    </Entrance>
  );
}
