import type { Operation, Specification } from "./operation.ts";

/** How far a search has come: the operations that have taken effect, and what they led to. */
interface Node<State> {
  /** All known operations before this one, in the order of their start, have taken effect. */
  readonly first: number;
  /** Known ones after `first`, and unknown ones, that have taken effect. Sorted. */
  readonly ahead: readonly number[];
  readonly spent: readonly number[];
  readonly state: State;
}

/** Where no order explains the history: how far the best one came, and what was left to explain. */
export interface Unexplained<State, Call, Answer> {
  readonly explained: number;
  readonly state: State;
  readonly next: readonly Operation<Call, Answer>[];
}

/**
 * Searches an order of the operations that their times allow and in which each answer is right: Wing
 * and Gong, "Testing and Verifying Concurrent Objects" (1993), with Lowe's memory of what was
 * visited. Undefined where there is one, so that the history is linearizable.
 */
export function linearize<State, Call, Answer>(
  history: readonly Operation<Call, Answer>[],
  specification: Specification<State, Call, Answer>,
): Unexplained<State, Call, Answer> | undefined {
  const sorted = history.toSorted((a, b) => a.start - b.start);
  const known = sorted.filter(({ answer }) => answer !== undefined);
  const unknown = sorted.filter(({ answer }) => answer === undefined);
  const stack: Node<State>[] = [{ first: 0, ahead: [], spent: [], state: specification.initial }];
  const visited = new Set<string>();
  let best: Node<State> | undefined;
  let looks = 0;

  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (node.first === known.length) return undefined;
    looks += 1;
    // While each first guess was right, nothing need be remembered.
    if (looks > history.length) {
      const key = `${node.first}|${node.ahead}|${node.spent}|${specification.keyOf(node.state)}`;
      if (visited.has(key)) continue;
      visited.add(key);
    }
    if (best === undefined || progress(node) > progress(best)) best = node;
    stack.push(...steps(node, known, unknown, specification));
  }
  const { first, ahead, state } = best ?? { first: 0, ahead: [], state: specification.initial };
  const next = candidates(first, ahead, known).map(({ operation }) => operation);
  return { explained: first + ahead.length, state, next };
}

/** The nodes that one operation more leads to, the likeliest last. */
function steps<State, Call, Answer>(
  { first, ahead, spent, state }: Node<State>,
  known: readonly Operation<Call, Answer>[],
  unknown: readonly Operation<Call, Answer>[],
  { apply, isRead }: Specification<State, Call, Answer>,
): Node<State>[] {
  const open = candidates(first, ahead, known);
  const deadline = Math.min(...open.map(({ operation }) => operation.end));
  const nodes: Node<State>[] = [];
  for (const [index, { call, start }] of unknown.entries()) {
    if (start > deadline || spent.includes(index)) continue;
    const { next } = apply(state, call);
    if (next !== state) nodes.push({ first, ahead, spent: insert(spent, index), state: next });
  }
  // What ended first took effect first, most of the time.
  for (const { index, operation } of open.sort((a, b) => b.operation.end - a.operation.end)) {
    const { next, answer } = apply(state, operation.call);
    if (answer !== operation.answer?.is) continue;
    const node = { ...advance(first, insert(ahead, index)), spent, state: next };
    // In any order that there is, what is right here and never changes anything may come first.
    if (isRead(operation.call, answer)) return [node];
    nodes.push(node);
  }
  return nodes;
}

/** The known operations that may take effect next: none has ended before they started. */
function candidates<Call, Answer>(
  first: number,
  ahead: readonly number[],
  known: readonly Operation<Call, Answer>[],
): { index: number; operation: Operation<Call, Answer> }[] {
  const open: { index: number; operation: Operation<Call, Answer> }[] = [];
  let deadline = Number.POSITIVE_INFINITY;
  for (let index = first; index < known.length; index += 1) {
    const operation = known[index];
    if (operation === undefined || operation.start > deadline) break;
    if (ahead.includes(index)) continue;
    open.push({ index, operation });
    deadline = Math.min(deadline, operation.end);
  }
  return open;
}

function advance(first: number, ahead: readonly number[]) {
  let skipped = 0;
  while (ahead[skipped] === first + skipped) skipped += 1;
  return { first: first + skipped, ahead: ahead.slice(skipped) };
}

function insert(sorted: readonly number[], index: number): number[] {
  return [...sorted, index].sort((a, b) => a - b);
}

function progress({ first, ahead }: Node<unknown>): number {
  return first + ahead.length;
}
