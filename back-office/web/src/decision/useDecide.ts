// Sends a decision with the lease and the version it was made on; what was written stays until the office took it.
import { App as Kit } from "antd";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import * as office from "../api/office";
import { Problem, say } from "../api/problem";
import type { Decision, DecisionName } from "../api/types";
import { putCase } from "../queue/useQueue";
import { useSession } from "../session/session";
import { useOpenCase } from "./case-context";
import { decisionWords } from "./choices";
import { drafts } from "./drafts";

/** What became of a case by a decision: over for this officer, still in hand, or waiting for a second person. */
export type Outcome = "done" | "goes-on" | "waits";
export type Decided = (decision: DecisionName, outcome: Outcome) => void;

export interface Deciding {
  busy: boolean;
  /** Why the office did not take it. */
  refused: string | null;
  send: (decision: Decision) => Promise<void>;
}

export function useDecide(decided: Decided): Deciding {
  const { id, one } = useOpenCase();
  const client = useQueryClient();
  const { message } = Kit.useApp();
  const { me } = useSession();
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState<string | null>(null);
  const send = async (decision: Decision): Promise<void> => {
    setBusy(true);
    setRefused(null);
    try {
      const fresh = await office.decide(id, one.claim_epoch, one.version, decision, drafts.get<string>(id, "note") ?? "");
      putCase(client, fresh);
      const what = fresh.second !== null && fresh.second.decision === decision.decision ? "waits" : fresh.holder === me.id ? "goes-on" : "done";
      // The officer still holds it (after accepting): the same page goes on with what is next.
      if (what === "goes-on") void client.invalidateQueries({ queryKey: ["case", id] });
      else client.removeQueries({ queryKey: ["case", id] });
      void message.success(what === "waits" ? "已记下，等第二人。" : what === "done" ? "办好了。" : `已${decisionWords(decision.decision)}，接着办下一步。`);
      decided(decision.decision, what);
    } catch (problem) {
      setBusy(false);
      setRefused(`没有发出，您写的都还在。${say(problem)}`);
      if (problem instanceof Problem && problem.status === 409) {
        void client.invalidateQueries({ queryKey: ["case", id] });
        void client.invalidateQueries({ queryKey: ["queue"] });
      }
    }
  };
  return { busy, refused, send };
}
