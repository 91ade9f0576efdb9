import type { StoreTestOptions } from "@sess/core/conformance";
import { suite } from "./suite.ts";

// mocha gives its functions as globals.
declare const it: StoreTestOptions["test"];

suite(it);
