import { Add } from "@carbon/icons-react";
import { Button } from "@carbon/react";
import type { AdminAnswer, TokenAnswer } from "@tributary/admin-api";
import { useState } from "react";
import { usePages } from "../../api/use-pages.ts";
import { useSearchParameter } from "../../app/location.tsx";
import { ConfirmDialog } from "../../parts/confirm-dialog.tsx";
import { type Column, DataTable } from "../../parts/data-table.tsx";
import { EmptyState } from "../../parts/empty-state.tsx";
import { FilterSelect } from "../../parts/filter-select.tsx";
import { SearchBox } from "../../parts/search-box.tsx";
import { StateTag } from "../../parts/state-tag.tsx";
import { TimeAgo } from "../../parts/time-ago.tsx";
import { useSorting } from "../../parts/use-sorting.ts";
import { useWords } from "../../words/words.tsx";
import { TokenDialog } from "./token-dialog.tsx";

const tones = { living: "good", expired: "quiet", revoked: "quiet" } as const;
const states = ["living", "expired", "revoked"] as const satisfies readonly TokenAnswer["state"][];

/** The keys of programs that call this node: made, seen used, and revoked. */
export function TokensTab() {
  const { say, time } = useWords();
  const [q, seek] = useSearchParameter("q");
  const [state, changeState] = useSearchParameter("state");
  const [isMaking, make] = useState(false);
  const [revoking, revoke] = useState<string>();
  const sorting = useSorting("name");
  const { by: sort, order } = sorting;
  const pages = usePages<AdminAnswer<"GET /tokens">, TokenAnswer>(
    "/tokens",
    { q, state, sort, order },
    ({ items }) => items,
  );
  const columns: readonly Column<TokenAnswer>[] = [
    { key: "name", title: say("tokens.name"), sort: "name", cell: ({ name }) => name },
    { key: "role", title: say("users.role"), cell: ({ role }) => say(`role.${role}`) },
    {
      key: "state",
      title: say("network.state"),
      cell: ({ state }) => <StateTag tone={tones[state]} text={say(`tokens.state.${state}`)} />,
    },
    {
      key: "created",
      title: say("tokens.created"),
      sort: "createdAt",
      cell: ({ createdAt, createdBy }) => (
        <>
          <TimeAgo time={createdAt} />
          {createdBy !== null && <span className="under">{createdBy}</span>}
        </>
      ),
    },
    {
      key: "expires",
      title: say("tokens.expires"),
      sort: "expiresAt",
      cell: ({ expiresAt }) => (expiresAt === null ? say("common.never") : time(expiresAt)),
    },
    {
      key: "used",
      title: say("tokens.used"),
      sort: "lastUsedAt",
      cell: ({ lastUsedAt }) => <TimeAgo time={lastUsedAt} />,
    },
    {
      key: "do",
      title: say("children.actions"),
      cell: ({ name, state }) =>
        state === "living" && (
          <Button
            kind="danger--ghost"
            size="sm"
            onClick={() => revoke(name)}
            aria-label={`${say("children.revoke")}: ${name}`}
          >
            {say("children.revoke")}
          </Button>
        ),
    },
  ];
  return (
    <>
      <p className="section__lead">{say("tokens.lead")}</p>
      <div className="filters">
        <SearchBox label={say("tokens.find")} value={q} change={seek} />
        <FilterSelect
          label={say("network.state")}
          value={state}
          change={changeState}
          values={states}
          textOf={(one) => say(`tokens.state.${one}`)}
        />
        <Button size="md" className="filters__go" renderIcon={Add} onClick={() => make(true)}>
          {say("tokens.new")}
        </Button>
      </div>
      <DataTable
        label={say("setUpScreen.tokens")}
        columns={columns}
        pages={pages}
        sorting={sorting}
        keyOf={({ name }) => name}
        empty={<EmptyState title={say(q === "" && state === "" ? "tokens.none" : "tokens.noneFound")} />}
      />
      {isMaking && <TokenDialog close={() => make(false)} />}
      {revoking !== undefined && (
        <ConfirmDialog
          title={say("tokens.revokeTitle", { name: revoking })}
          confirm={say("children.revoke")}
          deed={{ method: "DELETE", path: `/tokens/${encodeURIComponent(revoking)}` }}
          outdates={["/tokens", "/audit"]}
          close={() => revoke(undefined)}
        >
          {say("tokens.revokeMore")}
        </ConfirmDialog>
      )}
    </>
  );
}
