import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

/** The console is built to static files; every node serves them under /console. */
export default defineConfig({
  base: "/console/",
  plugins: [react()],
  build: { outDir: "dist", target: "es2022", sourcemap: false },
  css: { preprocessorOptions: { scss: { quietDeps: true } } },
  server: { proxy: { "/admin": "http://127.0.0.1:8080" } },
});
