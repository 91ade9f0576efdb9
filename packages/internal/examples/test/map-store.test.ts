import { test } from "@jest/globals";
import { testStore } from "@sess/core/conformance";
import { MapStore } from "../src/map-store.ts";

testStore({ test, createStore: () => new MapStore(), singleProcess: true });
