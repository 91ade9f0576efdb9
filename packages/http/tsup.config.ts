import { defineConfig } from "tsup";

export default defineConfig({
  entry: ["src/index.ts", "src/express.ts", "src/fastify.ts", "src/koa.ts", "src/hono.ts"],
  format: ["esm", "cjs"],
  // Types that applications augment are imported by the package's own name.
  external: ["@sess/http"],
  target: "node20",
  clean: true,
  // The maps hold the sources, so the package need not ship src.
  sourcemap: true,
  // tsup's own build of types sets an option that TypeScript 6 deprecates.
  dts: {
    compilerOptions: {
      ignoreDeprecations: "6.0",
      // Itself from source: its declarations are not there yet.
      paths: { "@sess/http": ["./src/index.ts"] },
      stripInternal: true,
    },
  },
});
