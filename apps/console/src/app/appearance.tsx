import { GlobalTheme, Theme } from "@carbon/react";
import { createContext, type ReactNode, use, useEffect, useState } from "react";

/** Light or dark. */
export type Appearance = "light" | "dark";

interface AppearanceChoice {
  readonly appearance: Appearance;
  readonly change: (appearance: Appearance) => void;
}

const storageKey = "tributary-appearance";
const AppearanceContext = createContext<AppearanceChoice>({ appearance: "light", change: () => undefined });

/** Draws everything within in the appearance that the user chose, and before a choice in that of the system. */
export function AppearanceProvider({ children }: { readonly children: ReactNode }) {
  const [appearance, setAppearance] = useState(readAppearance);
  const theme = appearance === "dark" ? "g100" : "white";
  useEffect(() => {
    document.documentElement.dataset["carbonTheme"] = theme;
    document.documentElement.style.colorScheme = appearance;
  }, [appearance, theme]);
  const change = (chosen: Appearance) => {
    localStorage.setItem(storageKey, chosen);
    setAppearance(chosen);
  };
  return (
    <AppearanceContext value={{ appearance, change }}>
      <GlobalTheme theme={theme}>
        <Theme theme={theme}>{children}</Theme>
      </GlobalTheme>
    </AppearanceContext>
  );
}

/** The appearance in force, and the way to change it. */
export function useAppearance(): AppearanceChoice {
  return use(AppearanceContext);
}

function readAppearance(): Appearance {
  const kept = localStorage.getItem(storageKey);
  if (kept === "light" || kept === "dark") return kept;
  return matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}
