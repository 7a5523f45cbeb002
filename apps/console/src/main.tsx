import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { ConsoleApp } from "./app/console-app.tsx";
import { learnFirst } from "./words/words.tsx";
import "./console.scss";

const root = createRoot(document.getElementById("console")!);
await learnFirst();
root.render(
  <StrictMode>
    <ConsoleApp />
  </StrictMode>,
);
