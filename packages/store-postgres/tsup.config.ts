import { defineConfig } from "tsup";

export default defineConfig({
  entry: ["src/index.ts"],
  format: ["esm", "cjs"],
  target: "node20",
  clean: true,
  // tsup's own type build still sets an option that TypeScript 6 deprecates.
  dts: { compilerOptions: { ignoreDeprecations: "6.0", paths: {} } },
});
