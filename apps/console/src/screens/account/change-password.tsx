import { Button } from "@carbon/react";
import type { SessionAnswer } from "@tributary/admin-api";
import { type FormEvent, useState } from "react";
import { ask, keepCsrf } from "../../api/ask.ts";
import { useDeed } from "../../api/use-answer.ts";
import { DeedNotice } from "../../parts/deed-notice.tsx";
import { PasswordField } from "../../parts/password-field.tsx";
import { passwordLengthMin } from "../../parts/password-length-min.ts";
import { useWords } from "../../words/words.tsx";

/** Changes one's own password; all other sessions of the user end. */
export function ChangePassword() {
  const { say } = useWords();
  const [again, setAgain] = useState("");
  const [password, write] = useState("");
  const deed = useDeed([]);
  const isFit = password.length >= passwordLengthMin && password === again;
  const send = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const body = { present: new FormData(form).get("present"), password };
    deed.mutate(
      { path: "/session/password", body },
      {
        onSuccess: async () => {
          // The change begins another session, with a token of its own.
          keepCsrf((await ask<SessionAnswer>("GET", "/session")).csrf);
          form.reset();
          write("");
          setAgain("");
        },
      },
    );
  };
  return (
    <section className="section" aria-labelledby="password-title">
      <h2 id="password-title">{say("account.password")}</h2>
      <form onSubmit={send} className="form-rows narrow">
        <DeedNotice told={deed.isSuccess ? say("account.changed") : undefined} error={deed.error} />
        <PasswordField
          id="present"
          name="present"
          labelText={say("account.present")}
          autoComplete="current-password"
          required
        />
        <PasswordField
          id="new-password"
          labelText={say("account.new")}
          helperText={say("users.passwordHelp", { count: passwordLengthMin })}
          autoComplete="new-password"
          value={password}
          onChange={(event) => write(event.target.value)}
          required
        />
        <PasswordField
          id="new-password-again"
          labelText={say("setUp.again")}
          autoComplete="new-password"
          value={again}
          onChange={(event) => setAgain(event.target.value)}
          invalid={again !== "" && again !== password}
          invalidText={say("setUp.differs")}
          required
        />
        <Button type="submit" size="md" disabled={!isFit || deed.isPending}>
          {say("users.save")}
        </Button>
      </form>
    </section>
  );
}
