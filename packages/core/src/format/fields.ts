import { SessionError } from "../errors.ts";
import type { Edits, ValueEdit } from "../state/edits.ts";

/** Up to this many look-ups search the text; beyond it an index of the lines is cheaper. */
const SEARCHES = 8;

/**
 * The values and flash messages of a session as encoded text, one line for each:
 *
 *     "key"<TAB>encoded value<LF>
 *     !"kind"<TAB>encoded message<LF>
 *
 * Neither a key nor an encoding holds a raw line feed or tab, so a line is found by searching its
 * head after a line feed. Reading a value costs a search, changing one copies the rest as it is:
 * nothing else is decoded. Immutable.
 */
export class Fields {
	static readonly none = new Fields("\n");

	/** The lines, with a line feed before the first. */
	readonly text: string;
	#index: Map<string, string> | undefined;
	#searches = 0;

	constructor(text: string) {
		this.text = text;
	}

	/** The encoded value under `key`. */
	value(key: string): string | undefined {
		this.#searches += 1;
		if (this.#searches > SEARCHES) this.#index ??= indexOf(this.text);
		const head = JSON.stringify(key);
		if (this.#index !== undefined) return this.#index.get(head);
		const line = locate(this.text, head);
		return line && this.text.slice(line.start + head.length + 1, line.end - 1);
	}

	keys(): string[] {
		return lines(this.text).flatMap(({ head }) =>
			isMessage(head) ? [] : [keyOf(head)],
		);
	}

	/** The encoded messages of one kind, oldest first. */
	messages(kind: string): string[] {
		const wanted = messageHead(kind);
		if (locate(this.text, wanted) === undefined) return [];
		return lines(this.text).flatMap(({ head, body }) =>
			head === wanted ? [body] : [],
		);
	}

	with(edits: Edits): Fields {
		let text = this.text;
		if (edits.clear !== undefined) text = keep(text, isMessage);
		if (edits.taken.length > 0) {
			const taken = new Set(edits.taken.map(({ kind }) => messageHead(kind)));
			text = keep(text, (head) => !taken.has(head));
		}
		text = withValues(text, edits.values);
		for (const { kind, text: body } of edits.messages)
			text += line(messageHead(kind), body);
		return new Fields(text);
	}
}

function withValues(
	text: string,
	values: ReadonlyMap<string, ValueEdit>,
): string {
	if (values.size > SEARCHES) return rebuilt(text, values);
	let result = text;
	for (const [key, edit] of values)
		result = spliced(result, JSON.stringify(key), edit.text);
	return result;
}

function spliced(text: string, head: string, body: string | undefined): string {
	const added = body === undefined ? "" : line(head, body);
	const old = locate(text, head);
	return old
		? text.slice(0, old.start) + added + text.slice(old.end)
		: text + added;
}

function rebuilt(text: string, values: ReadonlyMap<string, ValueEdit>): string {
	const index = indexOf(text);
	for (const [key, edit] of values) {
		if (edit.text === undefined) index.delete(JSON.stringify(key));
		else index.set(JSON.stringify(key), edit.text);
	}
	const messages = keep(text, isMessage).slice(1);
	return `\n${Array.from(index, ([head, body]) => line(head, body)).join("")}${messages}`;
}

function indexOf(text: string): Map<string, string> {
	const values = lines(text).filter(({ head }) => !isMessage(head));
	return new Map(values.map(({ head, body }) => [head, body]));
}

function keep(text: string, wanted: (head: string) => boolean): string {
	const kept = lines(text).filter(({ head }) => wanted(head));
	return `\n${kept.map(({ head, body }) => line(head, body)).join("")}`;
}

/** Where the line begins and where the next one does. */
function locate(
	text: string,
	head: string,
): { start: number; end: number } | undefined {
	const found = text.indexOf(`\n${head}\t`);
	if (found === -1) return undefined;
	return { start: found + 1, end: text.indexOf("\n", found + head.length) + 1 };
}

function lines(text: string): { head: string; body: string }[] {
	return text
		.slice(1, -1)
		.split("\n")
		.filter((each) => each !== "")
		.map((each) => {
			const tab = each.indexOf("\t");
			return { head: each.slice(0, tab), body: each.slice(tab + 1) };
		});
}

function line(head: string, body: string): string {
	return `${head}\t${body}\n`;
}

function keyOf(head: string): string {
	try {
		return String(JSON.parse(head));
	} catch {
		throw new SessionError(
			"RECORD_CORRUPT",
			"A key of the stored session cannot be read.",
		);
	}
}

function messageHead(kind: string): string {
	return `!${JSON.stringify(kind)}`;
}

function isMessage(head: string): boolean {
	return head.startsWith("!");
}
