import { TextInput } from "@carbon/react";
import type { SessionAnswer } from "@tributary/admin-api";
import { PasswordField } from "../parts/password-field.tsx";
import { useWords } from "../words/words.tsx";
import { Entrance } from "./entrance.tsx";
import { EntranceForm } from "./entrance-form.tsx";
import { goTo } from "./location.tsx";
import { ProviderButton } from "./provider-button.tsx";
import { useWayIn } from "./use-way-in.ts";

/** Asks for user name and password, or leads to the site's provider. What was wrong is not said more exactly than the node says it. */
export function SignIn({ enter }: { readonly enter: (session: SessionAnswer) => void }) {
  const { say, sayNodeLine } = useWords();
  const { wanted, told, isAtDoor } = useWayIn();
  return (
    <Entrance title={say("signIn.title")}>
      <EntranceForm
        submit={say("signIn.submit")}
        told={told}
        requestOf={(form) => ({ path: "/session", body: { user: form.get("user"), password: form.get("password") } })}
        explain={(error) =>
          error.status === 401 ? say("signIn.wrong") : error.status === 429 ? say("signIn.locked") : sayNodeLine(error)
        }
        enter={(session) => {
          if (isAtDoor) goTo("/", { replace: true });
          enter(session);
        }}
      >
        <TextInput id="user" name="user" labelText={say("signIn.user")} autoComplete="username" autoFocus required />
        <PasswordField
          id="password"
          name="password"
          labelText={say("signIn.password")}
          autoComplete="current-password"
          required
        />
      </EntranceForm>
      <ProviderButton next={wanted} />
    </Entrance>
  );
}
