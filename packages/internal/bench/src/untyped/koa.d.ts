declare module "koa" {
  class Koa<Context> {
    keys: string[];
    use(middleware: (context: Context, next: () => Promise<void>) => unknown): this;
    callback(): (request: object, reply: object) => Promise<void>;
  }

  export = Koa;
}
