import { Add } from "@carbon/icons-react";
import { Button } from "@carbon/react";
import type { AdminAnswer, UserAnswer } from "@tributary/admin-api";
import { useState } from "react";
import { usePages } from "../../api/use-pages.ts";
import { useSearchParameter } from "../../app/location.tsx";
import { useSession } from "../../app/session.tsx";
import { type Column, DataTable } from "../../parts/data-table.tsx";
import { EmptyState } from "../../parts/empty-state.tsx";
import { FilterSelect } from "../../parts/filter-select.tsx";
import { roles } from "../../parts/role-select.tsx";
import { SearchBox } from "../../parts/search-box.tsx";
import { StateTag } from "../../parts/state-tag.tsx";
import { TimeAgo } from "../../parts/time-ago.tsx";
import { useNow } from "../../parts/use-now.ts";
import { useSorting } from "../../parts/use-sorting.ts";
import { useWords } from "../../words/words.tsx";
import { RemoveUserDialog } from "./remove-user-dialog.tsx";
import { UserDialog } from "./user-dialog.tsx";

type Doing = { readonly kind: "new" } | { readonly kind: "change" | "remove"; readonly user: UserAnswer };

/** Who may use this node, and as what. */
export function UsersTab() {
  const { say } = useWords();
  const { user: me } = useSession();
  const now = useNow();
  const [doing, set] = useState<Doing>();
  const [q, seek] = useSearchParameter("q");
  const [role, changeRole] = useSearchParameter("role");
  const sorting = useSorting("name");
  const { by: sort, order } = sorting;
  const pages = usePages<AdminAnswer<"GET /users">, UserAnswer>(
    "/users",
    { q, role, sort, order },
    ({ items }) => items,
  );
  const columns: readonly Column<UserAnswer>[] = [
    {
      key: "name",
      title: say("users.name"),
      sort: "name",
      cell: ({ name }) => (name === me ? `${name} (${say("users.you")})` : name),
    },
    {
      key: "role",
      title: say("users.role"),
      sort: "role",
      cell: ({ role }) => (
        <>
          {say(`role.${role}`)}
          <span className="under">{say(`users.${role}Is`)}</span>
        </>
      ),
    },
    { key: "language", title: say("users.language"), cell: ({ language }) => say(`language.${language}`) },
    { key: "by", title: say("users.signsInBy"), cell: ({ signsInBy }) => say(`users.by.${signsInBy}`) },
    {
      key: "seen",
      title: say("users.seen"),
      sort: "lastSeenAt",
      cell: ({ lastSeenAt, lockedUntil }) =>
        lockedUntil !== null && lockedUntil > now ? <Locked until={lockedUntil} /> : <TimeAgo time={lastSeenAt} />,
    },
    {
      key: "do",
      title: say("children.actions"),
      cell: (user) => (
        <>
          <Button
            kind="ghost"
            size="sm"
            onClick={() => set({ kind: "change", user })}
            aria-label={`${say("users.change")}: ${user.name}`}
          >
            {say("users.change")}
          </Button>
          {user.name !== me && (
            <Button
              kind="danger--ghost"
              size="sm"
              onClick={() => set({ kind: "remove", user })}
              aria-label={`${say("users.remove")}: ${user.name}`}
            >
              {say("users.remove")}
            </Button>
          )}
        </>
      ),
    },
  ];
  const close = () => set(undefined);
  return (
    <>
      <div className="filters">
        <SearchBox label={say("users.find")} value={q} change={seek} />
        <FilterSelect
          label={say("users.role")}
          value={role}
          change={changeRole}
          values={roles}
          textOf={(one) => say(`role.${one}`)}
        />
        <Button size="md" className="filters__go" renderIcon={Add} onClick={() => set({ kind: "new" })}>
          {say("users.new")}
        </Button>
      </div>
      <DataTable
        label={say("setUpScreen.users")}
        columns={columns}
        pages={pages}
        sorting={sorting}
        keyOf={({ name }) => name}
        empty={<EmptyState title={say("users.nobodyFound")} />}
      />
      {doing?.kind === "new" && <UserDialog close={close} />}
      {doing?.kind === "change" && <UserDialog user={doing.user} close={close} />}
      {doing?.kind === "remove" && <RemoveUserDialog name={doing.user.name} close={close} />}
    </>
  );
}

function Locked({ until }: { readonly until: number }) {
  const { say, time } = useWords();
  return <StateTag tone="warning" text={say("users.locked", { time: time(until) })} />;
}
