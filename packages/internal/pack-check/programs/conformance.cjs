const { test } = require("node:test");
const { testStore } = require("@sess/core/conformance");
const { MemoryStore } = require("@sess/store-memory");

testStore({ test, createStore: () => new MemoryStore(), singleProcess: true });
