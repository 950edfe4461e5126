// Where in an opening somebody is: the office's steps and, after them, papers and submitting. Pure.
import type { Opening, OpeningStep } from "../api/openings";

/** The place after the last step; no step of the office has this name. */
export const END = "#end";

export type StepState = "done" | "wrong" | "open";

export function stateOf(step: OpeningStep): StepState {
  if (step.fields.some((field) => field.error !== null)) return "wrong";
  return step.done ? "done" : "open";
}

/** The places in order. */
export function places(opening: Opening): string[] {
  return [...opening.steps.map((step) => step.id), END];
}

/** Where to begin: the first step that is wrong or not done, else the end. */
export function firstPlace(opening: Opening): string {
  return opening.steps.find((step) => stateOf(step) !== "done")?.id ?? END;
}

/** The place itself while it exists; a step that fell away gives the first open one. */
export function placeIn(opening: Opening, wanted: string | null): string {
  return wanted !== null && places(opening).includes(wanted) ? wanted : firstPlace(opening);
}

/** One place on or back; stops at the ends. */
export function moved(opening: Opening, place: string, by: 1 | -1): string {
  const all = places(opening);
  return all[Math.min(all.length - 1, Math.max(0, all.indexOf(place) + by))] ?? END;
}
