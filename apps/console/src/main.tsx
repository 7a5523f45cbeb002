import { Theme } from "@carbon/react";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import "./console.scss";

createRoot(document.getElementById("console")!).render(
  <StrictMode>
    <Theme theme="white">Tributary</Theme>
  </StrictMode>,
);
