// Sends a decision with the lease and the version it was made on; what was written stays until the office took it.
import { App as Kit } from "antd";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import * as office from "../api/office";
import { Problem, say } from "../api/problem";
import type { Decision, DecisionName } from "../api/types";
import { putCase } from "../queue/useQueue";
import { useOpenCase } from "./case-context";
import { drafts } from "./drafts";

export interface Deciding {
  busy: boolean;
  /** Why the office did not take it. */
  refused: string | null;
  send: (decision: Decision) => Promise<void>;
}

export function useDecide(decided: (decision: DecisionName, waits: boolean) => void): Deciding {
  const { id, one } = useOpenCase();
  const client = useQueryClient();
  const { message } = Kit.useApp();
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState<string | null>(null);
  const send = async (decision: Decision): Promise<void> => {
    setBusy(true);
    setRefused(null);
    try {
      const fresh = await office.decide(id, one.claim_epoch, one.version, decision, drafts.get<string>(id, "note") ?? "");
      putCase(client, fresh);
      client.removeQueries({ queryKey: ["case", id] });
      const waits = fresh.second !== null && fresh.second.decision === decision.decision;
      void message.success(waits ? "已记下，等第二人。" : "办好了。");
      decided(decision.decision, waits);
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
