import type { SessionError } from "@sess/core";
import { FaultTable, isObject } from "@sess/core/adapter";

/** What to do about an error of the server, by how it begins. */
const REFUSALS = {
  READONLY:
    "The server is a replica, as after a failover. Connect to the primary: through Sentinel, a cluster client, or an address that follows it.",
  OOM: "The server's memory is full. Raise maxmemory or free some; reading and ending sessions go on.",
  LOADING: "The server is still loading its data after a start. The next call tries again.",
  "CLUSTERDOWN|MASTERDOWN":
    "A part of the data has no primary. The next call tries again; if it stays so, see CLUSTER INFO and CLUSTER NODES.",
  MISCONF:
    "The server cannot write to its disk and so takes no writes. See its log; is the disk full?",
  NOREPLICAS: "Fewer replicas are connected than min-replicas-to-write asks for. Bring them back.",
  "NOAUTH|WRONGPASS|NOPERM":
    "The user that the client connects as may not do this. The README of @sess/store-redis lists the rights that it needs.",
  BUSY: "A script of someone else holds up the server. See SCRIPT KILL.",
  "ERR max number of clients reached":
    "The server has as many connections as it takes. Raise maxclients or open fewer.",
  "ERR syntax error|ERR [Uu]nknown command":
    "The server does not know this command: it must be Redis 6.2 or later, or Valkey, with scripts allowed.",
};

const UNKNOWN_OUTCOME =
  "A write to Redis failed with unknown outcome: it may have happened. Saving the same session object again is safe, however often it has failed.";

/** How the server and its clients fail. They give hardly any codes: it is their text that tells. */
const faults = new FaultTable({
  engine: "Redis",
  isRefusal: (error) => refusalOf(error) !== undefined,
  faults: [
    ...Object.entries(REFUSALS).map(([words, advice]) => ({
      text: new RegExp(`\\b(${words})\\b`),
      advice,
    })),
    {
      text: /time(d )?out|abort/i,
      advice: "It took longer than the client waits. Is the server busy, or out of reach?",
    },
    {
      codes: ["ECONN*", "EPIPE", "ENOTFOUND", "EHOSTUNREACH", "ENETUNREACH", "EAI_AGAIN"],
      text: /clos(ed|ing)|offline|max retries|writeable|root nodes|redirections|terminated|disconnect|startup nodes|isn't ready/i,
      advice:
        "There is no connection to the server. Was the client connected, and is the server up? The client connects again by itself unless it was told not to.",
    },
    {
      // Below the row above: a client for clusters that gave up following redirections names one as the cause.
      text: /\b(MOVED|ASK|CROSSSLOT|TRYAGAIN)\b/,
      advice: "The server is part of a Redis Cluster. Pass a client for clusters (createCluster).",
    },
    {
      text: /^The client's reply is not/,
      advice: "Does the client's sendCommand resolve to the server's reply as it is?",
    },
  ],
});

/** The error for a call that only reads. */
export function readError(error: unknown): SessionError {
  return faults.readError(withoutArguments(error));
}

/** The error for a call that writes: it says whether nothing was written or the outcome is unknown. */
export function writeError(error: unknown): SessionError {
  const isRefusal = refusalOf(error) !== undefined;
  const whatFailed = isRefusal ? "Nothing was written to Redis." : UNKNOWN_OUTCOME;
  return faults.errorOf(whatFailed, withoutArguments(error));
}

/** A server that does not know a command quotes its arguments, which are session data. */
function withoutArguments(error: unknown): unknown {
  const message = messageOf(error);
  const start = message.indexOf(", with args beginning with");
  return start === -1 ? error : new Error(message.slice(0, start));
}

/**
 * The word in capitals with which an error of the server begins, after the place in a script that Redis 6.2
 * puts first. Then nothing was done. Undefined for any other error.
 */
export function refusalOf(error: unknown): string | undefined {
  return /^(?:(?:ERR Error running script .*)?@user_script: ?\d+: -?)?([A-Z]{3,}) /.exec(
    messageOf(error),
  )?.[1];
}

function messageOf(error: unknown): string {
  return isObject(error) ? String(error["message"]) : "";
}
