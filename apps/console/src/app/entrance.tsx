import { Asleep, Language, Light } from "@carbon/icons-react";
import { Button } from "@carbon/react";
import type { ReactNode } from "react";
import { useWords } from "../words/words.tsx";
import { useAppearance } from "./appearance.tsx";

/** The page before the console: a mark, a title, a form, and the choice of language and appearance. */
export function Entrance({
  title,
  lead,
  children,
}: {
  readonly title: string;
  readonly lead?: string;
  readonly children: ReactNode;
}) {
  const { say, language, changeLanguage } = useWords();
  const { appearance, change } = useAppearance();
  return (
    <main className="entrance">
      <section className="entrance__card" aria-labelledby="entrance-title">
        <div className="entrance__mark">
          <img src="/console/favicon.svg" alt="" width={32} height={32} />
          <span>{say("app.name")}</span>
        </div>
        <h1 id="entrance-title">{title}</h1>
        {lead && <p className="entrance__lead">{lead}</p>}
        {children}
        <div className="entrance__choices">
          <Button
            kind="ghost"
            size="sm"
            renderIcon={Language}
            onClick={() => changeLanguage(language === "en" ? "fr" : "en")}
          >
            {say("app.language")}
          </Button>
          <Button
            kind="ghost"
            size="sm"
            renderIcon={appearance === "dark" ? Light : Asleep}
            onClick={() => change(appearance === "dark" ? "light" : "dark")}
          >
            {say(appearance === "dark" ? "app.light" : "app.dark")}
          </Button>
        </div>
      </section>
    </main>
  );
}
