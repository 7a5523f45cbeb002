import { Button } from "@carbon/react";
import type { SignInWays } from "@tributary/admin-api";
import { pathWith } from "../api/path-with.ts";
import { useAnswer } from "../api/use-answer.ts";
import { useWords } from "../words/words.tsx";

/** The way over the site's OpenID provider and back to a place within the console; nothing at a site without one. */
export function ProviderButton({ next }: { readonly next: string }) {
  const { say } = useWords();
  const provider = useAnswer<SignInWays>("/sign-in").data?.openid;
  if (!provider) return null;
  return (
    <Button kind="tertiary" className="entrance__provider" href={pathWith(provider.href, { next: `/console${next}` })}>
      {say("signIn.openid", { name: provider.name })}
    </Button>
  );
}
