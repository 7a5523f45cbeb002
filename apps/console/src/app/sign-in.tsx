import { PasswordInput, TextInput } from "@carbon/react";
import type { SessionAnswer } from "@tributary/admin-api";
import { useWords } from "../words/words.tsx";
import { Entrance } from "./entrance.tsx";
import { EntranceForm } from "./entrance-form.tsx";
import { goTo, usePlace } from "./location.tsx";
import { ProviderButton } from "./provider-button.tsx";

/** Where the node sends a browser that the site's provider did not let in. */
const signInPath = "/sign-in";

/** Asks for user name and password, or leads to the site's provider. What was wrong is not said more exactly than the node says it. */
export function SignIn({ enter }: { readonly enter: (session: SessionAnswer) => void }) {
  const { say, sayIfKnown } = useWords();
  const { path, search } = usePlace();
  const wanted = path === signInPath ? "/" : search.size === 0 ? path : `${path}?${search}`;
  const refused = path === signInPath ? search.get("refused") : null;
  return (
    <Entrance title={say("signIn.title")}>
      <EntranceForm
        submit={say("signIn.submit")}
        told={refused === null ? undefined : sayIfKnown(`signIn.refused.${refused}`)}
        requestOf={(form) => ({ path: "/session", body: { user: form.get("user"), password: form.get("password") } })}
        explain={({ status, message }) =>
          status === 401 ? say("signIn.wrong") : status === 429 ? say("signIn.locked") : message
        }
        enter={(session) => {
          if (path === signInPath) goTo("/", { replace: true });
          enter(session);
        }}
      >
        <TextInput id="user" name="user" labelText={say("signIn.user")} autoComplete="username" autoFocus required />
        <PasswordInput
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
