import { test } from "node:test";
import { testStore } from "@sess/core/conformance";
import { MemoryStore } from "@sess/store-memory";

testStore({ test, createStore: () => new MemoryStore(), singleProcess: true });
