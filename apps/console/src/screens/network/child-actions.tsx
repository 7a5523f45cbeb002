import { Button } from "@carbon/react";
import type { NetworkChild } from "@tributary/admin-api";
import { useState } from "react";
import { useRight } from "../../app/session.tsx";
import { useWords } from "../../words/words.tsx";
import { EnrolDialog } from "../set-up/enrol-dialog.tsx";
import { RevokeDialog } from "../set-up/revoke-dialog.tsx";

/** A new key for a child, by a new code, and the end of its access, for those who may. */
export function ChildActions({ child: { node, state } }: { readonly child: NetworkChild }) {
  const { say } = useWords();
  const [doing, set] = useState<"rotate" | "revoke">();
  const mayAdminister = useRight("administer");
  if (!mayAdminister) return null;
  const close = () => set(undefined);
  return (
    <>
      <Button size="md" kind="tertiary" onClick={() => set("rotate")}>
        {say("children.rotateKey")}
      </Button>
      {state !== "refused" && (
        <Button size="md" kind="danger--tertiary" onClick={() => set("revoke")}>
          {say("children.revoke")}
        </Button>
      )}
      {doing === "rotate" && <EnrolDialog named={node} close={close} />}
      {doing === "revoke" && <RevokeDialog node={node} close={close} />}
    </>
  );
}
