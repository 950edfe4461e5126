// The list as the office has it, kept fresh by events; the old list stays while a new one comes.
import { keepPreviousData, useQuery, useQueryClient, type QueryClient, type UseQueryResult } from "@tanstack/react-query";
import { useCallback, useRef } from "react";
import { useQueueEvents, type Line } from "../api/events";
import * as office from "../api/office";
import type { Case, CaseDetail, Queue } from "../api/types";

/** What an event of the office may have changed: the queue, and what the other pages show of it. */
const TOUCHED = ["queue", "tickets", "collections", "board"] as const;
const QUIET_MS = 20_000;

/** The list for a wish, and how the line to the office is. */
export function useQueue(wish: office.QueueWish, on: boolean): { list: UseQueryResult<Queue>; shown: Queue | undefined; shownAt: number; line: Line } {
  const client = useQueryClient();
  const changed = useCallback(() => TOUCHED.forEach((key) => void client.invalidateQueries({ queryKey: [key] })), [client]);
  const line = useQueueEvents(on, changed);
  const list = useQuery({
    queryKey: ["queue", wish],
    queryFn: ({ signal }) => office.queue(wish, signal),
    placeholderData: keepPreviousData,
    enabled: on,
    // Without the stream the list is still asked for, only less often.
    refetchInterval: line === "live" ? 60_000 : QUIET_MS,
  });
  // A wish that cannot be fulfilled now leaves the last list on the page.
  const last = useRef<{ queue?: Queue; at: number }>({ at: 0 });
  if (list.data) last.current = { queue: list.data, at: list.dataUpdatedAt || last.current.at };
  return { list, shown: last.current.queue, shownAt: last.current.at, line };
}

/** Puts what the office just said about a case wherever it is shown. */
export function putCase(client: QueryClient, fresh: Case): void {
  client.setQueriesData<Queue>({ queryKey: ["queue"] }, (old) =>
    old && { ...old, cases: old.cases.map((one) => (one.id === fresh.id ? fresh : one)) },
  );
  client.setQueriesData<CaseDetail>({ queryKey: ["case", fresh.id] }, (old) => old && { ...old, case: fresh });
}

/** Of two tellings of a case the newer. */
export function newer(a: Case, b: Case | undefined, bIsLater: boolean): Case {
  if (b === undefined || b.version < a.version || b.claim_epoch < a.claim_epoch) return a;
  if (b.version > a.version || b.claim_epoch > a.claim_epoch) return b;
  return bIsLater ? b : a;
}
