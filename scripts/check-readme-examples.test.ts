import { expect, it } from "vitest";
import { examplesOf } from "./check-readme-examples.ts";

const door = 'export { merge, type Merged } from "./merge.ts";\n';

it("an example that says what it imports is taken as it is", () => {
  const readme = '# A\n\n```ts\nimport { merge } from "@tributary/sync";\nmerge();\n```\n\n```sh\nls\n```\n';

  expect(examplesOf("sync", readme, door)).toEqual([
    'import { merge } from "@tributary/sync";\nmerge();\n\nexport {};\n',
  ]);
});

it("one that does not takes what it calls from its package", () => {
  expect(examplesOf("sync", "```ts\nconst a = merge({ b });\n```\n", door)).toEqual([
    'import { merge } from "@tributary/sync";\nconst a = merge({ b });\n\nexport {};\n',
  ]);
  expect(examplesOf("sync", "```ts\nconst a = 1;\n```\n", door)).toEqual(["const a = 1;\n\nexport {};\n"]);
});
