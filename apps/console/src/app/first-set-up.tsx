import { TextInput } from "@carbon/react";
import type { SessionAnswer } from "@tributary/admin-api";
import { PasswordField } from "../parts/password-field.tsx";
import { passwordLengthMin } from "../parts/password-length-min.ts";
import { useWords } from "../words/words.tsx";
import { Entrance } from "./entrance.tsx";
import { EntranceForm, type EntranceRequest } from "./entrance-form.tsx";
import { goTo } from "./location.tsx";
import { ProviderButton } from "./provider-button.tsx";
import { useWayIn } from "./use-way-in.ts";

/**
 * Makes the first administrator, with the code of the link that the node printed, and signs in as it. The code stands
 * behind the link's `#`, which a browser sends to nobody.
 */
export function FirstSetUp({ enter }: { readonly enter: (session: SessionAnswer) => void }) {
  const { say, sayNodeLine } = useWords();
  const { wanted, told } = useWayIn();
  const requestOf = (form: FormData): EntranceRequest => {
    const [user, password] = [form.get("user"), String(form.get("password"))];
    if (password.length < passwordLengthMin) return { wrong: say("setUp.short") };
    if (password !== form.get("again")) return { wrong: say("setUp.differs") };
    return { path: "/setup", body: { token: form.get("token"), user, password } };
  };
  return (
    <Entrance title={say("setUp.title")} lead={say("setUp.lead")}>
      <EntranceForm
        submit={say("setUp.submit")}
        requestOf={requestOf}
        explain={sayNodeLine}
        told={told}
        enter={(session) => {
          goTo("/", { replace: true });
          enter(session);
        }}
      >
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
        <PasswordField
          id="password"
          name="password"
          labelText={say("setUp.password")}
          helperText={say("setUp.passwordHelp")}
          autoComplete="new-password"
          required
        />
        <PasswordField id="again" name="again" labelText={say("setUp.again")} autoComplete="new-password" required />
      </EntranceForm>
      <ProviderButton next={wanted} />
    </Entrance>
  );
}
