// Which of the office's six decisions stand behind the four buttons now. Pure: the office decides, this only picks what is next.
import type { Choice, DecisionName, Status } from "../api/types";

/** The one of two that the case is ready for: allowed first, else what the status makes next. */
function next(choices: readonly Choice[], early: DecisionName, late: DecisionName, status: Status): Choice | undefined {
  const pair = [early, late].flatMap((name) => choices.filter((choice) => choice.decision === name));
  const open = pair.find((choice) => choice.allowed);
  if (open) return open;
  const wanted = status === "delivered" || status === "supplement" ? early : late;
  return pair.find((choice) => choice.decision === wanted) ?? pair[0];
}

export interface Four {
  agree: Choice | undefined;
  supplement: Choice | undefined;
  transfer: Choice | undefined;
  refuse: Choice | undefined;
}

export function four(choices: readonly Choice[], status: Status): Four {
  return {
    agree: next(choices, "accept", "approve", status),
    supplement: choices.find((choice) => choice.decision === "return-for-supplement"),
    transfer: choices.find((choice) => choice.decision === "transfer"),
    refuse: next(choices, "refuse-to-accept", "reject", status),
  };
}

const WORDS: Record<DecisionName, string> = {
  accept: "受理",
  "refuse-to-accept": "不予受理",
  "return-for-supplement": "退回补正",
  approve: "准予办结",
  reject: "不予批准",
  transfer: "转其他警种",
};

/** A decision's name in words, also of a decision this page does not know. */
export function decisionWords(name: string): string {
  return (WORDS as Record<string, string>)[name] ?? name;
}
