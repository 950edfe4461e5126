// Who is signed in, for every part of the page.
import { createContext, useContext } from "react";
import type { Action, Me } from "../api/types";

export interface Session {
  me: Me;
  /** The office ended the session; what was written is still on the page. */
  ended: boolean;
  /** What the office says of this officer now. */
  enter: (me: Me) => void;
  leave: () => void;
}

export const SessionContext = createContext<Session | null>(null);

/** The session; only used inside the workbench. */
export function useSession(): Session {
  const session = useContext(SessionContext);
  if (session === null) throw new Error("no session around this part");
  return session;
}

/** May this officer do that at all? The office decides again for each case. */
export function may(me: Me, action: Action): boolean {
  return me.actions.includes(action);
}
