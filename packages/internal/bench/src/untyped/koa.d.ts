declare module "koa" {
  import type { Reply, Request } from "../exchange.ts";
  import type { Values } from "../session-values.ts";

  namespace Koa {
    interface Context {
      readonly req: Request & { use?: (context: Context) => void };
      readonly session: Values;
      body: string;
    }

    type Middleware = (context: Context, next: () => Promise<void>) => unknown;
  }

  class Koa<Use> {
    keys: string[];
    use(middleware: Koa.Middleware): this;
    callback(): (request: Request & { use?: Use }, reply: Reply) => Promise<void>;
  }

  export = Koa;
}
