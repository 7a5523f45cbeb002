import { Button, InlineNotification, PasswordInput, TextInput } from "@carbon/react";
import type { SessionAnswer } from "@tributary/admin-api";
import { type FormEvent, useState } from "react";
import { ask } from "../api/ask.ts";
import { RequestFailed } from "../api/request-failed.ts";
import { useWords } from "../words/words.tsx";
import { Entrance } from "./entrance.tsx";

/** Asks for user name and password. What was wrong is not said more exactly than the node says it. */
export function SignIn({ enter }: { readonly enter: (session: SessionAnswer) => void }) {
  const { say } = useWords();
  const [failed, setFailed] = useState<string>();
  const [busy, setBusy] = useState(false);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    setBusy(true);
    try {
      const body = { user: form.get("user"), password: form.get("password") };
      enter(await ask<SessionAnswer>("POST", "/session", { body }));
    } catch (error) {
      if (!(error instanceof RequestFailed)) throw error;
      setFailed(
        error.status === 401 ? say("signIn.wrong") : error.status === 429 ? say("signIn.locked") : error.message,
      );
      setBusy(false);
    }
  };
  return (
    <Entrance title={say("signIn.title")}>
      <form onSubmit={submit} className="entrance__form">
        {failed && <InlineNotification kind="error" title={failed} lowContrast hideCloseButton />}
        <TextInput id="user" name="user" labelText={say("signIn.user")} autoComplete="username" autoFocus required />
        <PasswordInput
          id="password"
          name="password"
          labelText={say("signIn.password")}
          autoComplete="current-password"
          required
        />
        <Button type="submit" disabled={busy}>
          {say("signIn.submit")}
        </Button>
      </form>
    </Entrance>
  );
}
