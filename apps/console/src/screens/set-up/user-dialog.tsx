import { Select, SelectItem, TextInput } from "@carbon/react";
import type { Role, UserAnswer } from "@tributary/admin-api";
import { useState } from "react";
import { useDeed } from "../../api/use-answer.ts";
import { FormDialog } from "../../parts/form-dialog.tsx";
import { PasswordField } from "../../parts/password-field.tsx";
import { passwordLengthMin } from "../../parts/password-length-min.ts";
import { RoleSelect } from "../../parts/role-select.tsx";
import { useWords } from "../../words/words.tsx";

const languages = ["en", "fr"] as const;

/** Makes a user, or changes one: role, language, and a new password if one is typed. */
export function UserDialog({ user, close }: { readonly user?: UserAnswer; readonly close: () => void }) {
  const { say } = useWords();
  const [name, rename] = useState(user?.name ?? "");
  const [role, promote] = useState<Role>(user?.role ?? "viewer");
  const [language, speak] = useState<UserAnswer["language"]>(user?.language ?? "en");
  const [password, write] = useState("");
  const deed = useDeed(["/users", "/audit"]);
  const isPasswordFit = password.length >= passwordLengthMin || (user !== undefined && password === "");
  const given = { role, language, ...(password === "" ? {} : { password }) };
  const save = () =>
    deed.mutate(
      user
        ? { method: "PATCH", path: `/users/${encodeURIComponent(user.name)}`, body: given }
        : { path: "/users", body: { name, ...given } },
      { onSuccess: close },
    );
  return (
    <FormDialog
      title={user ? say("users.changeTitle", { name }) : say("users.new")}
      submit={say(user ? "users.save" : "users.create")}
      isReady={!deed.isPending && name !== "" && isPasswordFit}
      error={deed.error}
      onSubmit={save}
      close={close}
    >
      {!user && (
        <TextInput
          id="user-name"
          labelText={say("users.name")}
          helperText={say("users.nameHelp")}
          autoComplete="off"
          value={name}
          onChange={(event) => rename(event.target.value.trim())}
          data-modal-primary-focus
        />
      )}
      <RoleSelect id="user-role" role={role} choose={promote} />
      <Select
        id="user-language"
        labelText={say("users.language")}
        value={language}
        onChange={(event) => speak(event.target.value as UserAnswer["language"])}
      >
        {languages.map((one) => (
          <SelectItem key={one} value={one} text={say(`language.${one}`)} />
        ))}
      </Select>
      {user?.signsInBy !== "openid" && (
        <PasswordField
          id="user-password"
          labelText={say(user ? "users.newPassword" : "users.password")}
          helperText={say("users.passwordHelp", { count: passwordLengthMin })}
          autoComplete="new-password"
          value={password}
          onChange={(event) => write(event.target.value)}
        />
      )}
    </FormDialog>
  );
}
