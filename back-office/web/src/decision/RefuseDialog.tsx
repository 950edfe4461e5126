// Refuse to accept, or reject: ground of law, reason, remedy; sent only after a second Ctrl+Enter.
import { AutoComplete, Input } from "antd";
import { useEffect, useState } from "react";
import type { Choice, Decision } from "../api/types";
import { useOpenCase } from "./case-context";
import { DialogFrame } from "./DialogFrame";
import { useDraft } from "./drafts";
import { Letter } from "./Letter";
import { useDecide, type Decided } from "./useDecide";

// Administrative Reconsideration Law art. 20 (60 days), Administrative Litigation Law art. 46 (6 months).
const REMEDY = "您不服的，可以自知道本决定之日起 60 日内申请行政复议，或者 6 个月内向人民法院提起行政诉讼。";

interface Props {
  choice: Choice;
  close: () => void;
  claim: () => void;
  decided: Decided;
}

interface Written {
  ground: string;
  reason: string;
  remedy: string;
}

/** What is still missing, in words. */
export function lacks(written: Written, late: boolean): string | null {
  if (late && written.ground.trim() === "") return "还要写依据的法律和条款。";
  if (written.reason.trim() === "") return "还要写理由。";
  if (written.remedy.trim() === "") return "还要写当事人可以怎么办。";
  return null;
}

export function RefuseDialog({ choice, close, claim, decided }: Props): JSX.Element {
  const { id, detail } = useOpenCase();
  const late = choice.decision === "reject";
  const [written, setWritten] = useDraft<Written>(id, choice.decision, { ground: detail.service.law.length === 1 ? (detail.service.law[0] ?? "") : "", reason: "", remedy: REMEDY });
  const { busy, refused, send } = useDecide(decided);
  const [armed, setArmed] = useState(false);
  const lack = lacks(written, late);
  const decision: Decision = late ? { decision: "reject", ...written } : { decision: "refuse-to-accept", reason: written.reason, remedy: written.remedy };
  useEffect(() => setArmed(false), [written]);

  const run = (): void => {
    if (armed) void send(decision);
    else setArmed(true);
  };
  return (
    <DialogFrame
      title={choice.label} width={1000} close={close} claim={claim}
      foot={lack ?? (armed ? "请再看一遍右边的全文。再按一次 Ctrl Enter 就发出。" : "当事人会看到右边的全文。取消也会留着您写的。")}
      send={{ label: armed ? `确认${choice.label}` : choice.label, key: "send", ready: lack === null, busy, bad: true, run }}
      side={<Letter decision={lack === null ? decision : null} empty="左边写好后，这里显示当事人将读到的全文。" />}
    >
      {late && (
        <>
          <label className="block" htmlFor="refuse-ground">依据 <span className="quiet">法律和条款</span></label>
          <AutoComplete id="refuse-ground" style={{ width: "100%" }} value={written.ground} onChange={(ground: string) => setWritten({ ...written, ground })} options={detail.service.law.map((value) => ({ value }))} placeholder="选本事项的依据，或自己写" />
        </>
      )}
      <label className="block" htmlFor="refuse-reason">理由 <span className="quiet">对当事人说，一句一件事</span></label>
      <Input.TextArea id="refuse-reason" autoFocus rows={4} maxLength={600} value={written.reason} onChange={(event) => setWritten({ ...written, reason: event.target.value })} />
      <label className="block" htmlFor="refuse-remedy">当事人可以怎么办</label>
      <Input.TextArea id="refuse-remedy" rows={3} maxLength={600} value={written.remedy} onChange={(event) => setWritten({ ...written, remedy: event.target.value })} />
      {refused !== null && <div className="note bad" role="alert">{refused}</div>}
    </DialogFrame>
  );
}
