import { existsSync, statfsSync } from "node:fs";
import { defineConfig } from "vitest/config";

/** Memory that looks like a disk, on Linux; databases that live for one test are made there in a third of the time. */
const memoryDisk = "/dev/shm";
/** What all tests need at once, and some more. */
const memoryDiskBytesMin = 4 * 1024 ** 3;

if (process.env["TMPDIR"] === undefined && existsSync(memoryDisk)) {
  const { bavail, bsize } = statfsSync(memoryDisk);
  if (bavail * bsize >= memoryDiskBytesMin) process.env["TMPDIR"] = memoryDisk;
}

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
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          ...everywhere,
          name: "integration",
          include: rooms.map((room) => `${room}/**/*.int.test.ts`),
          exclude: ["**/node_modules/**"],
          testTimeout: 300_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
