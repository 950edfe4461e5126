// What an officer typed and the office has not taken yet, by field. Pure; kept among the drafts, so in memory only.
// Invariant: an answer of the office never overwrites what is being typed; only what it took leaves this record.
import type { Opening, OpeningField } from "../api/openings";

export interface Entry {
  value: string;
  /** What the office had when typing began. */
  base: string | null;
}

export type Typed = Readonly<Record<string, Entry>>;

export const NOTHING: Typed = {};

/** Every field of an opening, in order. */
export function fieldsOf(opening: Opening): OpeningField[] {
  return opening.steps.flatMap((step) => step.fields);
}

/** One more letter. Back to what the office has is nothing typed. */
export function put(typed: Typed, field: OpeningField, value: string): Typed {
  if (value === (field.value ?? "")) return drop(typed, field.id);
  return { ...typed, [field.id]: { value, base: typed[field.id]?.base ?? field.value } };
}

/** What stands in the field. */
export function shown(typed: Typed, field: OpeningField): string {
  return typed[field.id]?.value ?? field.value ?? "";
}

/** As the answers are sent: nothing is null. */
export function outgoing(typed: Typed): Record<string, string | null> {
  return Object.fromEntries(Object.entries(typed).map(([id, entry]) => [id, entry.value.trim() === "" ? null : entry.value]));
}

/** The office took `sent`; what was typed on meanwhile stays. */
export function taken(typed: Typed, sent: Typed): Typed {
  return Object.fromEntries(Object.entries(typed).filter(([id, entry]) => sent[id]?.value !== entry.value));
}

/** What the office has now in a field that is being typed, when that changed meanwhile. */
export function elsewhere(typed: Typed, field: OpeningField): string | null {
  const entry = typed[field.id];
  if (entry === undefined || field.value === entry.base || field.value === entry.value) return null;
  return field.value ?? "";
}

function drop(typed: Typed, id: string): Typed {
  return Object.fromEntries(Object.entries(typed).filter(([key]) => key !== id));
}

/** How much is typed and not taken. */
export function count(typed: Typed): number {
  return Object.keys(typed).length;
}
