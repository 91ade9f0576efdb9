import { SessionError, type SessionErrorCode } from "@sess/core";

interface Fault {
  /** SQLSTATEs, whole or a class of two characters, and codes of Node's sockets. */
  readonly codes: readonly string[];
  /** How the client's text begins where it gives no code. */
  readonly text?: RegExp;
  readonly is?: SessionErrorCode;
  /** The server may have carried the statement out before it, or the way to it, broke. */
  readonly mayHaveRun?: true;
  readonly what: string;
}

const NEXT = "The next call tries again, on a new connection where the client is a pool.";

const FAULTS: readonly Fault[] = [
  {
    codes: [],
    text: /^(Cannot use a pool after calling end|Client was closed|PGlite is clos)/,
    is: "STORE_CLOSED",
    what: "The client that the store was given has been closed. Close it after the store.",
  },
  {
    codes: ["42P01", "3F000"],
    what: "The table is missing, or the schema. Call createTable() once before the first use, or run the SQL of the README.",
  },
  {
    codes: ["42703", "42804", "42P10", "42883", "0A000"],
    what: "The table is not the one that createTable() makes. Name another, or move it out of the way.",
  },
  {
    codes: ["42501"],
    what: "The role lacks a privilege: it needs SELECT, INSERT, UPDATE and DELETE on the table, and CREATE on the schema for createTable().",
  },
  {
    codes: ["25006"],
    what: "The server is read-only: a standby, or default_transaction_read_only is on. Connect to the primary.",
  },
  {
    codes: ["53100"],
    what: "The server's disk is full. Free some space; the next call tries again.",
  },
  {
    codes: ["53300"],
    what: "The server has no connection left. Make the pools smaller, or raise max_connections.",
  },
  {
    codes: ["57P01", "57P02", "57P05"],
    mayHaveRun: true,
    what: `The server ended the connection: it is shutting down, or was told to. ${NEXT}`,
  },
  { codes: ["57P03"], what: `The server is starting up or shutting down. ${NEXT}` },
  {
    codes: ["57014", "55P03"],
    what: "The server gave up: statement_timeout or lock_timeout, or somebody cancelled it.",
  },
  {
    codes: ["40001", "40P01"],
    what: "It met other transactions each time it was tried. Is one of them left open?",
  },
  {
    codes: ["25P02", "25P03"],
    what: "The client is in a transaction that has failed. Give the store a pool, or a client of its own.",
  },
  {
    codes: ["28", "3D000"],
    what: "The server refused the connection. Check role, password and database, and its pg_hba.conf.",
  },
  {
    codes: ["26000", "42P05", "08P01"],
    what: "A pooler in between does not keep prepared statements. Let it (PgBouncer: max_prepared_statements), or give the store { query: (text, values) => pool.query(text, values) }.",
  },
  {
    codes: ["22P05", "22021"],
    what: "The database's encoding cannot hold the text. Use one with ENCODING 'UTF8'.",
  },
  {
    codes: ["XX002"],
    is: "STORE_CORRUPT",
    what: "An index is damaged. REINDEX the table.",
  },
  {
    codes: ["ECONNREFUSED", "ENOENT", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH", "ENETUNREACH"],
    text: /^timeout exceeded when trying to connect/,
    what: `The server was not reached, or the pool had no connection free. ${NEXT}`,
  },
  {
    codes: ["08", "ECONNRESET", "EPIPE", "ETIMEDOUT"],
    text: /^(Connection terminated|Client has encountered a connection error|Query read timeout)/,
    mayHaveRun: true,
    what: `The connection was lost, or the client stopped waiting. ${NEXT}`,
  },
];

/** Of a call that writes nothing. */
export function readError(error: unknown): SessionError {
  return mapped("PostgreSQL could not be read.", error);
}

/** A write that the server refused has not happened; of a connection that broke nobody knows. */
export function writeError(error: unknown): SessionError {
  const known = faultOf(error);
  const refused = known === undefined ? sqlState(error) !== undefined : !known.mayHaveRun;
  return mapped(
    refused
      ? "Nothing was written to PostgreSQL."
      : "A write to PostgreSQL failed and its outcome is unknown: load the session before you repeat it.",
    error,
  );
}

/** The transaction was undone because it met another: the same again may well succeed. */
export function isCollision(error: unknown): boolean {
  const state = sqlState(error);
  return state === "40001" || state === "40P01";
}

/**
 * The server refused what one of the sessions of a batch holds: text that its encoding has not, a
 * damaged row, too much at once. Nothing was done, so each can be tried by itself.
 */
export function isOfOneSession(error: unknown): boolean {
  return /^(22|54|XX)/.test(sqlState(error) ?? "");
}

/** The server found a row that it cannot read. */
export function isDamage(error: unknown): boolean {
  return sqlState(error) === "XX001";
}

function mapped(happened: string, error: unknown): SessionError {
  if (error instanceof SessionError) return error;
  const known = faultOf(error);
  const what = known?.what ?? "PostgreSQL reports a fault: see the error's cause.";
  return new SessionError(known?.is ?? "STORE_UNAVAILABLE", `${happened} ${what}`, {
    cause: error,
  });
}

function faultOf(error: unknown): Fault | undefined {
  const { code, message } = Object(error);
  const names = [code, sqlState(error)?.slice(0, 2)];
  return FAULTS.find(
    ({ codes, text }) =>
      codes.some((known) => names.includes(known)) ||
      (typeof message === "string" && text?.test(message)),
  );
}

/** Five characters, of which one is a digit: Node's own codes have none (`EPIPE`). */
function sqlState(error: unknown): string | undefined {
  const { code } = Object(error);
  return typeof code === "string" && /^(?=.*\d)[0-9A-Z]{5}$/.test(code) ? code : undefined;
}
