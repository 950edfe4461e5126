// The open case, for every part of the desk: what the office said, who holds it, and how to write to it.
import { createContext, useContext } from "react";
import type { Case, CaseDetail } from "../api/types";

export type Holding =
  /** Mine, the lease runs. */
  | "mine"
  /** It was mine in this tab; the lease ran out or somebody took it. */
  | "lost"
  | "other"
  | "free"
  /** Ended, or the officer may not claim. */
  | "closed";

export interface OpenCase {
  id: string;
  detail: CaseDetail;
  /** The newest telling of the case itself: the list may know more than the detail. */
  one: Case;
  holding: Holding;
  /** Sends a write, shows what came back; false when it was refused (said already). */
  write: (job: () => Promise<CaseDetail | Case>) => Promise<boolean>;
  busy: boolean;
  /** Why the newest telling of the case could not be read; what is shown is older. */
  trouble: string | null;
  again: () => void;
}

export const CaseContext = createContext<OpenCase | null>(null);

export function useOpenCase(): OpenCase {
  const open = useContext(CaseContext);
  if (open === null) throw new Error("no open case around this part");
  return open;
}
