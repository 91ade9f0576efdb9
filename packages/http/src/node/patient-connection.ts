import type { ServerResponse } from "node:http";

const PATIENT = Symbol("@sess/http");

interface Connection {
  destroy: (error?: Error | undefined) => unknown;
  [PATIENT]?: PatientConnection;
}

/**
 * A connection that is not destroyed while an answer waits for its session. Where a handler answers and
 * then throws, Express destroys the socket: by then, the whole answer would have been on its way.
 */
export class PatientConnection {
  readonly #connection: Connection;
  readonly #destroy: Connection["destroy"];
  #waiting = 0;
  #postponed: readonly [error?: Error | undefined] | undefined;

  private constructor(connection: Connection) {
    this.#connection = connection;
    this.#destroy = connection.destroy;
    // An arrow function for each connection, not each response.
    connection.destroy = (...args) => this.#destroyLater(args);
  }

  /** Undefined if the response has lost its connection. */
  static of(response: ServerResponse): PatientConnection | undefined {
    const connection = connectionOf(response);
    if (connection === undefined) return undefined;
    connection[PATIENT] ??= new PatientConnection(connection);
    return connection[PATIENT];
  }

  /** An answer waits. */
  wait(): void {
    this.#waiting += 1;
  }

  /** The answer has been written. */
  go(): void {
    this.#waiting -= 1;
    const args = this.#postponed;
    if (this.#waiting > 0 || args === undefined) return;
    this.#postponed = undefined;
    Reflect.apply(this.#destroy, this.#connection, args);
  }

  #destroyLater(args: readonly [error?: Error | undefined]): unknown {
    if (this.#waiting === 0) return Reflect.apply(this.#destroy, this.#connection, args);
    this.#postponed = args;
    return this.#connection;
  }
}

/** The stream under HTTP/2, else the socket. */
function connectionOf(response: ServerResponse): Connection | undefined {
  const { stream }: { stream?: Connection } & object = response;
  return stream ?? response.req?.socket ?? undefined;
}
