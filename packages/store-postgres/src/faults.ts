import { engineCode, type Fault, FaultTable } from "@sess/core/adapter";

const NEXT_CALL = "The next call tries again, on a new connection if the client is a pool.";

/** By SQLSTATE, by the code of a socket, or by the client's text where there is no code. */
const FAULTS: readonly Fault[] = [
  {
    text: /^(Cannot use a pool after calling end|Client was closed|PGlite is clos)/,
    code: "STORE_CLOSED",
    isOutcomeUnknown: false,
    advice: "The client that the store was given has been closed. Close it after the store.",
  },
  {
    codes: ["42P01", "3F000"],
    advice:
      "The table or its schema is missing. Call createTable() once before the first use, or run the SQL of the README.",
  },
  {
    codes: ["42703", "42804", "42P10", "42883", "0A000"],
    advice: "The table is not the one that createTable() makes. Name another, or move it away.",
  },
  {
    codes: ["42501"],
    advice:
      "The role lacks a privilege: it needs SELECT, INSERT, UPDATE and DELETE on the table, and CREATE on the schema for createTable(). Or a policy of row level security refuses the row.",
  },
  {
    codes: ["25006"],
    advice:
      "The server is read-only: it is a standby, or default_transaction_read_only is on. Connect to the primary.",
  },
  { codes: ["53100"], advice: "The server's disk is full. Free some space and call again." },
  {
    codes: ["53300"],
    advice: "The server has no connection left. Make the pools smaller, or raise max_connections.",
  },
  {
    codes: ["57P01", "57P02", "57P05"],
    isOutcomeUnknown: true,
    advice: `The server ended the connection: it is shutting down, or was told to. ${NEXT_CALL}`,
  },
  { codes: ["57P03"], advice: `The server is starting up or shutting down. ${NEXT_CALL}` },
  {
    codes: ["57014", "55P03"],
    advice:
      "The server gave up: statement_timeout or lock_timeout has passed, or somebody cancelled the statement.",
  },
  {
    codes: ["40001", "40P01"],
    advice: "It met other transactions at each attempt. Look for one that is left open.",
  },
  {
    codes: ["25P02", "25P03"],
    advice: "The client is in a failed transaction. Give the store a pool, or a client of its own.",
  },
  {
    codes: ["28*", "3D000"],
    advice: "The server refused the connection. Check role, password, database and pg_hba.conf.",
  },
  {
    codes: ["26000", "42P05", "08P01"],
    advice:
      "A pooler in between does not keep prepared statements. Let it (PgBouncer: max_prepared_statements), or set the store's option prepare to false.",
  },
  {
    codes: ["22P05", "22021"],
    advice: "The database's encoding cannot hold the text. Use one with ENCODING 'UTF8'.",
  },
  {
    codes: ["54000"],
    code: "DATA_TOO_LARGE",
    advice: "It is more than a row, or an index of the table, can hold.",
  },
  { codes: ["XX002"], code: "STORE_CORRUPT", advice: "An index is damaged. REINDEX the table." },
  {
    codes: ["ECONNREFUSED", "ENOENT", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH", "ENETUNREACH"],
    text: /^timeout exceeded when trying to connect/,
    isOutcomeUnknown: false,
    advice: `The server was not reached, or the pool had no connection free. ${NEXT_CALL}`,
  },
  {
    codes: ["08*", "ECONNRESET", "EPIPE", "ETIMEDOUT"],
    text: /^(Connection terminated|Client has encountered a connection error|Query read timeout)/,
    isOutcomeUnknown: true,
    advice: `The connection was lost, or the client stopped waiting. ${NEXT_CALL}`,
  },
];

/** Five characters, one of them a digit. Codes of sockets have none (`EPIPE`). */
const SQLSTATE = /^(?=.*\d)[0-9A-Z]{5}$/;

/** The server undid a statement for the sake of another. */
const COLLISIONS = ["40001", "40P01"];

/** Classes of SQLSTATE: connection, transaction, prepared statements, role, resources, operator, disk. */
const CLASSES_OF_ALL_SESSIONS = ["08", "25", "26", "28", "53", "57", "58"];

/** The table, its schema or a column is missing. */
const CODES_OF_ALL_SESSIONS = ["42P01", "3F000", "42703"];

export const faults = new FaultTable({
  engine: "PostgreSQL",
  faults: FAULTS,
  isRefusal,
});

/** Whether the server undid a statement because it met another: the same again may well succeed. */
export function isCollision(error: unknown): boolean {
  return COLLISIONS.includes(engineCode(error) ?? "");
}

/** Whether it was undone because another transaction holds what it needs, which may soon be free. */
export function isBlocked(error: unknown): boolean {
  return [...COLLISIONS, "55P03"].includes(engineCode(error) ?? "");
}

/** Whether the connection does not know the statement, or knows it already. It was not run. */
export function isUnprepared(error: unknown): boolean {
  return ["26000", "42P05"].includes(engineCode(error) ?? "");
}

/** Whether the server found a row that it cannot read. */
export function isDamage(error: unknown): boolean {
  return engineCode(error) === "XX001";
}

/**
 * Whether the server may have refused a batch, and written nothing, for what one session holds or meets:
 * any refusal but those that are about the connection, the server, its disk or the whole table.
 */
export function mayBeOfOneSession(error: unknown): boolean {
  const code = engineCode(error) ?? "";
  const isOfAll =
    CLASSES_OF_ALL_SESSIONS.includes(code.slice(0, 2)) || CODES_OF_ALL_SESSIONS.includes(code);
  return isRefusal(error) && !isOfAll;
}

/** Whether the server itself answered with this error, and so wrote nothing. */
function isRefusal(error: unknown): boolean {
  return SQLSTATE.test(engineCode(error) ?? "");
}
