// The open case as the list tells it, also when it is not in the list that is shown: filtered out, ended, or gone elsewhere.
// Asking the list is no look into the case, so nothing is written down for it.
import { useQuery } from "@tanstack/react-query";
import * as office from "../api/office";
import type { Case } from "../api/types";
import { EVERYTHING } from "../queue/Filters";

export interface Told {
  row: Case | undefined;
  /** When the list said so. */
  at: number;
  /** The list knows nothing of the case: it left this officer's rights. */
  gone: boolean;
}

export function useRow(id: string, code: string | null, shown: Case | undefined, shownAt: number, on: boolean): Told {
  const wanted = on && shown === undefined && code !== null;
  const asked = useQuery({
    queryKey: ["queue", "one", id],
    queryFn: ({ signal }) => office.queue({ ...EVERYTHING, q: code ?? "", closed: true }, signal),
    enabled: wanted,
    gcTime: 0,
  });
  if (shown !== undefined) return { row: shown, at: shownAt, gone: false };
  const row = asked.data?.cases.find((one) => one.id === id);
  return { row, at: asked.dataUpdatedAt, gone: wanted && asked.isSuccess && !asked.isFetching && row === undefined };
}
