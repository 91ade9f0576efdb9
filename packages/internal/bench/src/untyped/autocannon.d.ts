declare module "autocannon" {
  interface Request {
    readonly method?: string;
    readonly path?: string;
    readonly headers?: Record<string, string>;
  }

  interface Options {
    url: string;
    connections: number;
    /** In seconds. */
    duration?: number;
    /** Of requests, instead. */
    amount?: number;
    requests: { setupRequest(request: Request): Request }[];
    verifyBody(body: string): boolean;
  }

  interface Result {
    requests: { total: number; average: number };
    errors: number;
    mismatches: number;
    non2xx: number;
    /** In seconds. */
    duration: number;
  }

  function autocannon(options: Options): Promise<Result>;
  export = autocannon;
}
