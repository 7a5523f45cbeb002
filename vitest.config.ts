import { defineConfig } from "vitest/config";

const everywhere = { globalSetup: ["packages/database/testing/postgres-for-tests.ts"] };
const rooms = ["packages", "apps", "examples", "tests", "scripts", "bench"];

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          ...everywhere,
          name: "unit",
          include: rooms.map((room) => `${room}/**/*.test.ts`),
          exclude: ["**/node_modules/**", "**/*.int.test.ts"],
          testTimeout: 30_000,
          hookTimeout: 30_000,
        },
      },
      {
        test: {
          ...everywhere,
          name: "integration",
          include: rooms.map((room) => `${room}/**/*.int.test.ts`),
          exclude: ["**/node_modules/**"],
          testTimeout: 180_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
