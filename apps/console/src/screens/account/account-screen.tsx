import { useSession } from "../../app/session.tsx";
import { Facts } from "../../parts/facts.tsx";
import { PageTitle } from "../../parts/page-title.tsx";
import { useWords } from "../../words/words.tsx";
import { ChangePassword } from "./change-password.tsx";

/** The one who is signed in: what they may do, and the change of their own password. */
export function AccountScreen() {
  const { say, sayIfKnown } = useWords();
  const { user, role, signsInBy } = useSession();
  return (
    <>
      <PageTitle title={user} lead={say("nav.account")} />
      <Facts
        facts={[
          [say("users.role"), `${sayIfKnown(`role.${role}`)}: ${say(`users.${role}Is`)}`],
          [say("users.signsInBy"), sayIfKnown(`users.by.${signsInBy}`)],
        ]}
      />
      {signsInBy === "password" && <ChangePassword />}
    </>
  );
}
