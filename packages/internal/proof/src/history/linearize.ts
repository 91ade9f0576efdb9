import type { Operation, Specification } from "./operation.ts";

/** How far a search has come: which operations have taken effect, and the state after them. */
interface Node<State> {
  /** All operations with an answer before this one, in the order of their start, have taken effect. */
  readonly first: number;
  /** Those after `first` that have taken effect, and those without an answer that have. Sorted. */
  readonly ahead: readonly number[];
  readonly spent: readonly number[];
  readonly state: State;
}

/** The best order, where none explains the whole history, and what may come next in it. */
export interface Unexplained<State, Call, Answer> {
  readonly explained: number;
  readonly state: State;
  readonly next: readonly Operation<Call, Answer>[];
}

/**
 * Searches for an order of the operations that their times allow and in which every answer is right, after
 * Wing and Gong, "Testing and Verifying Concurrent Objects" (1993), with Lowe's memory of what was
 * visited. Returns undefined where there is one: the history is linearizable.
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
    // As long as every first guess was right there is nothing to remember.
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

/** The nodes that one more operation leads to, the likeliest one last. */
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
  // Most of the time, what ended first took effect first.
  for (const { index, operation } of open.sort((a, b) => b.operation.end - a.operation.end)) {
    const { next, answer } = apply(state, operation.call);
    if (answer !== operation.answer?.is) continue;
    const node = { ...advance(first, insert(ahead, index)), spent, state: next };
    // What is right here and changes nothing may come first in any order.
    if (isRead(operation.call, answer)) return [node];
    nodes.push(node);
  }
  return nodes;
}

/** The operations with an answer that may be next: none ended before they started. */
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
