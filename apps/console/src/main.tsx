import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { ConsoleApp } from "./app/console-app.tsx";
import "./console.scss";

createRoot(document.getElementById("console")!).render(
  <StrictMode>
    <ConsoleApp />
  </StrictMode>,
);
