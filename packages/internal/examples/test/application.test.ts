import { once } from "node:events";
import { cp, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { missingPostgres, missingRedis, openPostgres, openRedis, orSkip } from "@sess/test-servers";
import { Pool } from "pg";
import { Browser } from "./support/browser.ts";
import { EXAMPLES, makeFolder, removeFolder, start } from "./support/program.ts";

const FILES = [
  "application.ts",
  "counter.ts",
  "map-store.ts",
  "postgres-store.ts",
  "redis-store.ts",
  "session-cookie.ts",
  "store.ts",
];
const LINE = /^export const openStore .*$/m;

let folder = "";

beforeEach(async () => {
  folder = await makeFolder();
  await Promise.all(FILES.map((file) => cp(join(EXAMPLES, file), join(folder, file))));
});

afterEach(() => removeFolder(folder));

/** Runs the application while `use` visits it. */
async function serve(use: (origin: string) => Promise<void>): Promise<number | null> {
  const child = start(join(folder, "application.ts"), [], folder);
  const ended = once(child, "exit");
  child.stderr?.pipe(process.stderr);
  try {
    const [line] = (await Promise.race([once(child.stdout ?? child, "data"), ended])) as unknown[];
    const port = /http:\/\/localhost:(\d+)/.exec(String(line))?.[1];
    expect(port).toBeDefined();
    await use(`http://127.0.0.1:${port}`);
  } finally {
    child.kill("SIGTERM");
  }
  const [status]: unknown[] = await ended;
  return typeof status === "number" ? status : null;
}

async function visit(browser: Browser): Promise<string> {
  return (await browser.get("/", { connection: "close" })).text();
}

test("the application keeps its sessions in LevelDB across a restart", async () => {
  const kept: Browser[] = [];
  const first = await serve(async (origin) => {
    const ada = new Browser(origin);
    expect(await visit(ada)).toBe("Hello stranger, 1 views.\n");
    kept.push(ada);
  });
  const second = await serve(async (origin) => {
    const ada = new Browser(origin);
    ada.cookie = kept[0]?.cookie;
    expect(await visit(ada)).toBe("Hello stranger, 2 views.\n");
  });
  expect([first, second]).toEqual([0, 0]);
});

test.each([
  [
    "@sess/store-memory",
    `export const openStore = async (): Promise<Store> => new (await import("@sess/store-memory")).MemoryStore();`,
  ],
  [
    "a store of its own",
    `export const openStore = async (): Promise<Store> => new (await import("./map-store.ts")).MapStore();`,
  ],
])("one changed line has the application run on %s", (_, line) => runsOn(line));

orSkip(test, missingRedis())("one changed line has it run on @sess/store-redis", async () => {
  const { url, stop } = await openRedis();
  process.env["REDIS_URL"] = url;
  try {
    const status = await runsOn(
      `export const openStore = async (): Promise<Store> => (await import("./redis-store.ts")).openRedisStore();`,
    );
    expect(status).toBe(0);
  } finally {
    await stop();
  }
});

orSkip(test, missingPostgres())("one changed line has it run on @sess/store-postgres", async () => {
  const { url, stop } = await openPostgres();
  process.env["DATABASE_URL"] = url;
  // A schema that nobody else has: the table's name is the default.
  const admin = new Pool({ connectionString: url });
  const schema = `sess_application_${process.pid}`;
  await admin.query(`CREATE SCHEMA ${schema}`);
  process.env["PGOPTIONS"] = `-c search_path=${schema}`;
  try {
    const status = await runsOn(
      `export const openStore = async (): Promise<Store> => (await import("./postgres-store.ts")).openPostgresStore();`,
    );
    expect(status).toBe(0);
  } finally {
    await admin.query(`DROP SCHEMA ${schema} CASCADE`);
    await admin.end();
    await stop();
  }
});

/** Runs the application with that line in its `store.ts`. */
async function runsOn(line: string): Promise<number | null> {
  const file = join(folder, "store.ts");
  const source = await readFile(file, "utf8");
  expect(source.match(LINE)).toHaveLength(1);
  await writeFile(file, source.replace(LINE, line));
  return serve(async (origin) => {
    const ada = new Browser(origin);
    expect(await visit(ada)).toBe("Hello stranger, 1 views.\n");
    expect(await visit(ada)).toBe("Hello stranger, 2 views.\n");
  });
}
