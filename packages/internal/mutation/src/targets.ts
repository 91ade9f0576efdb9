/** Code that is mutated together, and the tests that are held against it. */
export interface Target {
  /** The package's folder below `packages`. */
  readonly folder: string;
  /** Globs from the package's folder. */
  readonly mutate: readonly string[];
  /** Test files that are left out, by their path from the package's `test`. */
  readonly leftOut: RegExp;
  /**
   * Test files that take long. They come last, when most mutants have been killed, and only for mutants of
   * the layer that they are about.
   */
  readonly slow: RegExp;
}

export const TARGETS: Readonly<Record<string, Target>> = {
  core: {
    folder: "core",
    mutate: ["src/**/*.ts", "!src/{index,adapter,conformance}.ts"],
    // They look at builds, types or sources, or at the suite, which is not mutated.
    leftOut: /^(conformance\/|types|size|public-api|layers)/,
    slow: /(conflict|destroyed|fail-closed|fields-model|forwarding-chains|ids|line-prefixes|regenerate-faults|revoke-all.*)\.test/,
  },
  memory: {
    folder: "store-memory",
    mutate: ["src/*.ts", "!src/index.ts"],
    leftOut: /^heap/,
    slow: /^conformance/,
  },
  level: {
    folder: "store-level",
    mutate: ["src/{faults,keyspace,listing,options,record}.ts", "src/writing/*.ts"],
    // They start processes or mount disks.
    leftOut: /^engine\/(locked|opening|reopening|failed-write)/,
    slow: /^conformance/,
  },
  redis: {
    folder: "store-redis",
    mutate: ["src/{faults,keyspace,options,record,replies,reader,writer}.ts"],
    // They start servers of their own or processes.
    leftOut: /^(cluster|processes|batch-faults|server-failures|clients)/,
    slow: /^conformance/,
  },
  postgres: {
    folder: "store-postgres",
    mutate: [
      "src/{answers,batches,faults,options,parameters,record,sql,statements,write-statements,writer}.ts",
    ],
    leftOut: /^(own-server|pooler|processes|public-api|plans)/,
    slow: /^conformance/,
  },
};

export function targetNamed(name: string | undefined): Target {
  const target = TARGETS[name ?? ""];
  if (target === undefined) {
    throw new Error(`There is no target ${name}: name one of ${Object.keys(TARGETS).join(", ")}.`);
  }
  return target;
}
