import { once } from "node:events";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { missingPostgres, missingRedis, openPostgres, openRedis, orSkip } from "@sess/test-servers";
import { Pool } from "pg";
import { Browser } from "./support/browser.ts";
import { EXAMPLES, exitStatus, makeFolder, start } from "./support/program.ts";

/** Runs the application while `use` visits it, and resolves to its exit status. */
async function serve(
  use: (origin: string) => Promise<void>,
  variables: NodeJS.ProcessEnv = {},
  folder = makeFolder(),
): Promise<number | null> {
  const program = join(EXAMPLES, "application.ts");
  const child = start(program, [], folder, { PORT: "0", ...variables });
  const ended = exitStatus(child);
  child.stderr.pipe(process.stderr);
  try {
    const printed: unknown = await Promise.race([once(child.stdout, "data"), ended]);
    const port = /http:\/\/localhost:(\d+)/.exec(String(printed))?.[1];
    expect(port).toBeDefined();
    await use(`http://127.0.0.1:${port}`);
  } finally {
    child.kill("SIGTERM");
  }
  return ended;
}

async function visit(browser: Browser): Promise<string> {
  return (await browser.get("/", { connection: "close" })).text();
}

async function countTwice(origin: string): Promise<void> {
  const ada = new Browser(origin);
  expect(await visit(ada)).toBe("Hello stranger, 1 views.\n");
  expect(await visit(ada)).toBe("Hello stranger, 2 views.\n");
}

test("the application keeps its sessions in LevelDB across a restart", async () => {
  const folder = makeFolder();
  let cookie: Browser["cookie"];
  const first = await serve(
    async (origin) => {
      const ada = new Browser(origin);
      expect(await visit(ada)).toBe("Hello stranger, 1 views.\n");
      cookie = ada.cookie;
    },
    {},
    folder,
  );
  const second = await serve(
    async (origin) => {
      const ada = new Browser(origin);
      ada.cookie = cookie;
      expect(await visit(ada)).toBe("Hello stranger, 2 views.\n");
    },
    {},
    folder,
  );
  expect([first, second]).toEqual([0, 0]);
});

test("STORE_URL has it run in memory", async () => {
  expect(await serve(countTwice, { STORE_URL: "memory:" })).toBe(0);
});

orSkip(test, missingRedis())("STORE_URL has it run on Redis", async () => {
  const { url, stop } = await openRedis();
  try {
    expect(await serve(countTwice, { STORE_URL: url })).toBe(0);
  } finally {
    await stop();
  }
});

orSkip(test, missingPostgres())("STORE_URL has it run on PostgreSQL", async () => {
  const { url, stop } = await openPostgres();
  // A schema of its own, since the table has its default name.
  const schema = `sess_application_${process.pid}`;
  const admin = new Pool({ connectionString: url });
  await admin.query(`CREATE SCHEMA ${schema}`);
  const variables = { STORE_URL: url, PGOPTIONS: `-c search_path=${schema}` };
  try {
    expect(await serve(countTwice, variables)).toBe(0);
  } finally {
    await admin.query(`DROP SCHEMA ${schema} CASCADE`);
    await admin.end();
    await stop();
  }
});
