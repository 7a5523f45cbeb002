import { Select, SelectItem } from "@carbon/react";
import type { Role } from "@tributary/admin-api";
import { useWords } from "../words/words.tsx";

/** What a user may be, from the least to the most. */
export const roles = ["viewer", "operator", "reviewer", "administrator"] as const satisfies readonly Role[];

/** The choice of a role, with what it may do. */
export function RoleSelect({
  id,
  role,
  choose,
}: {
  readonly id: string;
  readonly role: Role;
  readonly choose: (role: Role) => void;
}) {
  const { say } = useWords();
  return (
    <Select
      id={id}
      labelText={say("users.role")}
      helperText={say(`users.${role}Is`)}
      value={role}
      onChange={(event) => choose(event.target.value as Role)}
    >
      {roles.map((one) => (
        <SelectItem key={one} value={one} text={say(`role.${one}`)} />
      ))}
    </Select>
  );
}
