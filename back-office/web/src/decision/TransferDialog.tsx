// Hand a case to another branch, with the reason the colleagues there will read.
import { Input, Radio } from "antd";
import { useRef } from "react";
import type { Decision } from "../api/types";
import { useOpenCase } from "./case-context";
import { DialogFrame } from "./DialogFrame";
import { useDraft } from "./drafts";
import { Letter } from "./Letter";
import { useFirstRadio } from "./useFirst";
import { useDecide, type Decided } from "./useDecide";

interface Props {
  close: () => void;
  claim: () => void;
  decided: Decided;
}

export function TransferDialog({ close, claim, decided }: Props): JSX.Element {
  const { id, detail, one } = useOpenCase();
  const places = detail.branches.filter((branch) => branch.id !== one.branch);
  const [written, setWritten] = useDraft(id, "transfer", { branch: "", reason: "" });
  const { busy, refused, send } = useDecide(decided);
  const box = useRef<HTMLDivElement>(null);
  useFirstRadio(box, true);
  const lack = written.branch === "" ? "还要选转到哪里。" : written.reason.trim() === "" ? "还要写为什么转。" : null;
  const decision: Decision = { decision: "transfer", ...written };
  return (
    <DialogFrame
      title="转其他警种" width={920} close={close} claim={claim}
      foot={lack ?? "转出后，由那条业务线的同事领办。"}
      send={{ label: "转出", key: "send", ready: lack === null, busy, run: () => void send(decision) }}
      side={<Letter decision={lack === null ? decision : null} empty="选好并写明原因后，这里显示当事人将读到的话。" />}
    >
      <h3>转到哪里 <span className="quiet">上下键选，Tab 到原因</span></h3>
      <div ref={box}><Radio.Group className="radios" aria-label="转到哪里" value={written.branch} onChange={(event) => setWritten({ ...written, branch: String(event.target.value) })}>
        {places.map((place) => <Radio key={place.id} value={place.id}>{place.name}</Radio>)}
      </Radio.Group></div>
      <label className="block" htmlFor="transfer-reason">为什么转</label>
      <Input.TextArea id="transfer-reason" rows={3} maxLength={300} value={written.reason} onChange={(event) => setWritten({ ...written, reason: event.target.value })} placeholder="例如：涉及驾驶证信息更正，请交管核对" />
      {refused !== null && <div className="note bad" role="alert">{refused}</div>}
    </DialogFrame>
  );
}
