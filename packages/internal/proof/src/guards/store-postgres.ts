import { type Guard, guardsOf } from "./guard.ts";

const STORE = "packages/store-postgres/test";
const SUITE = `${STORE}/conformance`;
const BATCHES = `${STORE}/batches`;

export const postgresGuards: readonly Guard[] = [
  ...guardsOf(
    "packages/store-postgres/src/statements.ts",
    [SUITE],
    [
      [
        "A stale save overwrites a newer one.",
        "WHERE key = $1 AND revision = $2::bigint - 1 AND",
        "WHERE key = $1 AND",
      ],
      [
        "A first save takes the place of a live session.",
        `ON CONFLICT (key) DO UPDATE SET \${REPLACED}
WHERE t.expires_at <= \${NOW} RETURNING key\`),
    createMany`,
        `ON CONFLICT (key) DO UPDATE SET \${REPLACED}
RETURNING key\`),
    createMany`,
      ],
      [
        "A save revives what has expired.",
        `revision = $2::bigint - 1 AND expires_at > \${NOW}`,
        "revision = $2::bigint - 1",
      ],
      [
        "A touch revives what has expired.",
        `revision = coalesce($3::bigint, revision) AND expires_at > \${NOW}`,
        "revision = coalesce($3::bigint, revision)",
      ],
      [
        "A touch prolongs what leads to a new id.",
        "revision = coalesce($3::bigint, revision)",
        "coalesce($3::bigint, 1) > 0",
      ],
      [
        "A delete with a revision removes a newer one.",
        "revision = coalesce($2::bigint, revision)",
        "coalesce($2::bigint, 1) > 0",
      ],
      [
        "Expired sessions are handed out.",
        `FROM \${table} WHERE key = $1 AND expires_at > \${NOW}\``,
        `FROM \${table} WHERE key = $1\``,
      ],
    ],
  ),
  ...guardsOf(
    "packages/store-postgres/src/statements.ts",
    [BATCHES],
    [
      [
        "Among others, a stale save overwrites a newer one.",
        "`t.revision = v.revision - 1 AND ",
        "`",
      ],
      [
        "Among others, a touch or a delete does not look at the revision.",
        `"t.revision = coalesce(v.revision, t.revision)"`,
        `"true"`,
      ],
    ],
  ),
  ...guardsOf(
    "packages/store-postgres/src/statements.ts",
    [`${STORE}/clock`, `${STORE}/types`],
    [
      [
        "Each process goes by a clock of its own.",
        `"floor(extract(epoch FROM statement_timestamp()) * 1000)::bigint"`,
        "String(Date.now())",
      ],
    ],
  ),
  ...guardsOf(
    "packages/store-postgres/src/statements.ts",
    [`${STORE}/isolation`],
    [["A sweep waits for all who save.", " SKIP LOCKED", ""]],
  ),
  ...guardsOf(
    "packages/store-postgres/src/statements.ts",
    [`${STORE}/lock-order`, `${STORE}/types`],
    [["Saves of many processes wait for each other in a circle.", "ORDER BY t.key FOR", "FOR"]],
  ),
  ...guardsOf(
    "packages/store-postgres/src/turns.ts",
    [BATCHES],
    [
      [
        "Two writes to one session overtake each other.",
        "before === undefined ? task() : before.then(task, task)",
        "task()",
      ],
    ],
  ),
  ...guardsOf(
    "packages/store-postgres/src/writes.ts",
    [`${STORE}/columns`],
    [
      [
        "What one session holds is written as what others hold.",
        "if (isApart) return Number.POSITIVE_INFINITY;",
        "if (isApart) return 0;",
      ],
    ],
  ),
  ...guardsOf(
    "packages/store-postgres/src/batcher.ts",
    [BATCHES],
    [
      [
        "What one session holds fails the saves of others.",
        "batch.length > 1 && this.#shipping.isOfOne(error)",
        "batch.length === 0",
      ],
    ],
  ),
  ...guardsOf(
    "packages/store-postgres/src/engine.ts",
    [BATCHES],
    [["A closed store goes on.", "if (this.#closed) {", "if (this.#underWay < 0) {"]],
  ),
  ...guardsOf(
    "packages/store-postgres/src/engine.ts",
    [`${STORE}/isolation`],
    [
      [
        "A stricter isolation makes saves fail that met another.",
        "if (attempt === ATTEMPTS || !isCollision(error)) throw error;",
        "throw error;",
      ],
    ],
  ),
  ...guardsOf(
    "packages/store-postgres/src/table.ts",
    [`${STORE}/table`],
    [["A table's name can hold a statement.", `name.replaceAll('"', '""')`, "name"]],
  ),
  ...guardsOf(
    "packages/store-postgres/src/engine-errors.ts",
    [`${STORE}/table`],
    [["Whoever forgot createTable() is not told so.", `codes: ["42P01", "3F000"]`, "codes: []"]],
  ),
];
