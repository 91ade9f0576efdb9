/**
 * What each call does in each state of a session, in plain words. `state-table.test.ts` proves each
 * cell, and the guide shows the same table.
 */
export const METHODS = [
  "get",
  "set",
  "save",
  "reload",
  "regenerate",
  "destroy",
  "takeFlash",
  "owner",
] as const;

export type Method = (typeof METHODS)[number];

export type State =
  | "new"
  | "loaded"
  | "changed"
  | "destroyed here"
  | "destroyed elsewhere"
  | "expired";

export type Outcome =
  | "the value"
  | "undefined"
  | "changes this object"
  | "stores the session"
  | "nothing to do"
  | "stores the changes"
  | "the newest state"
  | "the newest state under the changes"
  | "another id, not stored"
  | "another id, stored"
  | "another id, stored with the changes"
  | "empties this object"
  | "ends the session"
  | "its unsaved messages"
  | "the messages, removed in the store"
  | "SESSION_DESTROYED";

export type Row = { readonly state: State; readonly means: string } & Readonly<
  Record<Method, Outcome>
>;

export const STATE_TABLE: readonly Row[] = [
  {
    state: "new",
    means: "created and filled, never saved",
    get: "the value",
    set: "changes this object",
    save: "stores the session",
    reload: "nothing to do",
    regenerate: "another id, not stored",
    destroy: "empties this object",
    takeFlash: "its unsaved messages",
    owner: "changes this object",
  },
  {
    state: "loaded",
    means: "loaded and not changed",
    get: "the value",
    set: "changes this object",
    save: "nothing to do",
    reload: "the newest state",
    regenerate: "another id, stored",
    destroy: "ends the session",
    takeFlash: "the messages, removed in the store",
    owner: "changes this object",
  },
  {
    state: "changed",
    means: "loaded, and a value set",
    get: "the value",
    set: "changes this object",
    save: "stores the changes",
    reload: "the newest state under the changes",
    regenerate: "another id, stored with the changes",
    destroy: "ends the session",
    takeFlash: "the messages, removed in the store",
    owner: "changes this object",
  },
  {
    state: "destroyed here",
    means: "after destroy() on this object",
    get: "undefined",
    set: "SESSION_DESTROYED",
    save: "SESSION_DESTROYED",
    reload: "SESSION_DESTROYED",
    regenerate: "SESSION_DESTROYED",
    destroy: "nothing to do",
    takeFlash: "SESSION_DESTROYED",
    owner: "SESSION_DESTROYED",
  },
  {
    state: "destroyed elsewhere",
    means:
      "loaded and changed, then ended by another, which this object cannot know before it asks",
    get: "the value",
    set: "changes this object",
    save: "SESSION_DESTROYED",
    reload: "SESSION_DESTROYED",
    regenerate: "SESSION_DESTROYED",
    destroy: "empties this object",
    takeFlash: "SESSION_DESTROYED",
    owner: "changes this object",
  },
  {
    state: "expired",
    means: "loaded and changed, then its time passed",
    get: "the value",
    set: "changes this object",
    save: "SESSION_DESTROYED",
    reload: "SESSION_DESTROYED",
    regenerate: "SESSION_DESTROYED",
    destroy: "empties this object",
    takeFlash: "SESSION_DESTROYED",
    owner: "changes this object",
  },
];

/** The table as Markdown, as it stands in the guide. */
export function stateTableMarkdown(): string {
  const rows = STATE_TABLE.map((row) => [row.state, ...METHODS.map((method) => row[method])]);
  const lines = [
    ["", ...METHODS.map((method) => `\`${method}\``)],
    ["---", ...METHODS.map(() => "---")],
    ...rows,
  ];
  return lines.map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}
