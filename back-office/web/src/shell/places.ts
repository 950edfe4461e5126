// The pages of the workbench: what the top bar shows, which key leads there, and which right it needs. One row a page.
// One's own access is everybody's and stands at the end.
import type { Action } from "../api/types";
import type { KeyId } from "../keys/table";

export interface Place {
  id: PlaceId;
  title: string;
  key: KeyId;
  /** Null: nothing. */
  needs: Action | null;
}

export type PlaceId = "bench" | "tickets" | "collect" | "report" | "account";

export const PLACES: readonly Place[] = [
  { id: "bench", title: "受理台", key: "go-bench", needs: "view" },
  { id: "tickets", title: "叫号", key: "go-tickets", needs: "tickets" },
  { id: "collect", title: "领证", key: "go-collect", needs: "collect" },
  { id: "report", title: "督导", key: "go-report", needs: "report" },
  { id: "account", title: "我的登录", key: "go-account", needs: null },
];

/** What stands before an opening's id in the address. */
const OPENING = "opening/";

/** What the address names after `#`: a page (`#/tickets`), an opening (`#opening/…`), or an open case. */
export function fromHash(hash: string): { place: PlaceId; open: string | null; opening: string | null } {
  const text = decodeURIComponent(hash.replace(/^#/, ""));
  const place = PLACES.find((one) => text === `/${one.id}`);
  if (place) return { place: place.id, open: null, opening: null };
  if (text.startsWith(OPENING)) return { place: "bench", open: null, opening: text.slice(OPENING.length) };
  return { place: "bench", open: text === "" || text.startsWith("/") ? null : text, opening: null };
}

/** Where an officer begins: the page of the address if it is theirs, else the first that is. */
export function firstPlace(wanted: PlaceId, mine: (place: Place) => boolean): PlaceId {
  const open = PLACES.filter(mine);
  return (open.find((place) => place.id === wanted) ?? open[0])?.id ?? "bench";
}

/** The same the other way round; empty for the plain bench. */
export function toHash(place: PlaceId, open: string | null, opening: string | null): string {
  if (place !== "bench") return `#/${place}`;
  if (opening !== null) return `#${OPENING}${encodeURIComponent(opening)}`;
  return open === null ? "" : `#${encodeURIComponent(open)}`;
}
