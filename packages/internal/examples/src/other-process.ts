import { serveStore } from "@sess/core/conformance";
import { FolderStore } from "./folder-store.ts";

serveStore((address) => new FolderStore(address));
