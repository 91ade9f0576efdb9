import { SessionError } from "@sess/core";

interface Fault {
  /** How the text of server or client tells it: they give no codes. Scripts stand before it in 6.2. */
  readonly text: RegExp;
  readonly what: string;
}

const FAULTS: readonly Fault[] = [
  {
    text: /\bREADONLY\b/,
    what: "The server is a replica, as after a failover. Connect to the primary: through Sentinel, a cluster client, or an address that follows it.",
  },
  {
    text: /\bOOM\b/,
    what: "The server's memory is full. Raise maxmemory or free some; reading and ending sessions go on.",
  },
  {
    text: /\bLOADING\b/,
    what: "The server is still loading its data after a start. The next call tries again.",
  },
  {
    text: /\b(CLUSTERDOWN|MASTERDOWN)\b/,
    what: "A part of the data has no primary. The next call tries again; if it stays so, see CLUSTER INFO and CLUSTER NODES.",
  },
  {
    text: /\bMISCONF\b/,
    what: "The server cannot write to its disk and so takes no writes. See its log; is the disk full?",
  },
  {
    text: /\bNOREPLICAS\b/,
    what: "Fewer replicas are connected than min-replicas-to-write asks for. Bring them back.",
  },
  {
    text: /\b(NOAUTH|WRONGPASS|NOPERM)\b/,
    what: "The user that the client connects as may not do this. The README of @sess/store-redis lists the rights that it needs.",
  },
  {
    text: /\b(MOVED|ASK|CROSSSLOT|TRYAGAIN)\b/,
    what: "The server is part of a Redis Cluster. Pass a client for clusters (createCluster).",
  },
  {
    text: /\bBUSY\b/,
    what: "A script of someone else holds up the server. See SCRIPT KILL.",
  },
  {
    text: /max number of clients reached/,
    what: "The server has as many connections as it takes. Raise maxclients or open fewer.",
  },
  {
    text: /syntax error|unknown command/i,
    what: "The server does not know this command: it must be Redis 6.2 or later, or Valkey, with scripts allowed.",
  },
  {
    text: /time(d )?out|abort/i,
    what: "It took longer than the client waits. Is the server busy, or out of reach?",
  },
  {
    text: /clos(ed|ing)|offline|ECONN|EPIPE|ENOTFOUND|EHOSTUNREACH|ENETUNREACH|EAI_AGAIN|max retries|writeable|root nodes|redirections|terminated|disconnect|startup nodes|isn't ready/i,
    what: "There is no connection to the server. Was the client connected, and is the server up? The client connects again by itself unless it was told not to.",
  },
];

/** The script is not known (any more), as after a restart: it is sent again in full. */
export function isForgotten(error: unknown): boolean {
  return messageOf(error).startsWith("NOSCRIPT");
}

/** What lies under the key is of another type than a store of sessions writes. */
export function isForeign(error: unknown): boolean {
  return /\bWRONGTYPE\b/.test(messageOf(error));
}

/** The keys of one command lie on several servers: nothing was done. */
export function liesApart(error: unknown): boolean {
  return messageOf(error).startsWith("CROSSSLOT");
}

export function readError(error: unknown): SessionError {
  return mapped("Cannot read from Redis.", error);
}

export function writeError(error: unknown): SessionError {
  // An error that the server answers with begins with its kind; then nothing was done.
  return /^[A-Z]{3,} /.test(messageOf(error))
    ? mapped("Redis refused to write.", error)
    : mapped(
        "A write failed and its outcome is unknown. Load the session before you repeat it.",
        error,
      );
}

function mapped(happened: string, error: unknown): SessionError {
  if (error instanceof SessionError) return error;
  // ioredis notes there what was sent: the data of this session, and of all that were in its batch.
  if (error instanceof Error) Reflect.deleteProperty(error, "command");
  const message = messageOf(error);
  const known = FAULTS.find(({ text }) => text.test(message));
  const what = known?.what ?? "See the error's cause, and the server's log.";
  return new SessionError("STORE_UNAVAILABLE", `${happened} ${what}`, { cause: error });
}

/**
 * What there is to go by: text, code and class, since some say nothing in one of them; and the cause's,
 * where the client wraps what happened.
 */
function messageOf(error: unknown): string {
  const { message = "", code = "", cause, constructor: kind } = Object(error);
  const own = `${message} ${code} ${kind?.name}`;
  return cause === undefined ? own : `${own} ${messageOf(cause)}`;
}
