// Accept or approve: shows what the resident will read, and asks once more with the same key.
import type { Choice, Decision } from "../api/types";
import { useOpenCase } from "./case-context";
import { DialogFrame } from "./DialogFrame";
import { useDraft } from "./drafts";
import { Letter } from "./Letter";
import { useDecide, type Decided } from "./useDecide";

interface Props {
  choice: Choice;
  close: () => void;
  claim: () => void;
  decided: Decided;
}

export function AgreeDialog({ choice, close, claim, decided }: Props): JSX.Element {
  const { id, one, detail } = useOpenCase();
  const { busy, refused, send } = useDecide(decided);
  const [note] = useDraft(id, "note", "");
  const decision: Decision = choice.decision === "accept" ? { decision: "accept" } : { decision: "approve" };
  const two = detail.service.two_person.includes(choice.decision);
  const completes = one.second?.decision === choice.decision;
  return (
    <DialogFrame
      title={choice.label} width={860} close={close} claim={claim}
      foot={choice.decision === "accept" ? "受理后开始计算法定期限。" : "办结后不能撤回。"}
      send={{ label: `确认${choice.label}`, key: "agree", ready: true, busy, run: () => void send(decision) }}
      side={<Letter decision={decision} empty="" />}
    >
      <h3>再按一次 A，就{choice.label}</h3>
      <p>办成什么：{detail.service.output_words}</p>
      <p>核验：{detail.checks.filter((check) => check.done !== null).length} / {detail.checks.length} 项已核</p>
      <p>办理意见：{note.trim() === "" ? <span className="quiet">没有写</span> : note}</p>
      {two && !completes && <div className="note violet">这项决定要两人核。您决定后，等另一位同事作同样的决定才生效。</div>}
      {completes && <div className="note violet">{one.second?.officer_name}已作同样的决定。您确认后就生效。</div>}
      {refused !== null && <div className="note bad" role="alert">{refused}</div>}
    </DialogFrame>
  );
}
