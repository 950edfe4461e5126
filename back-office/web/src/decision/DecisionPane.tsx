// The right pane: form, checks, note, history; and at its fixed place what stands in the way, and the four decisions two by two.
import { CheckOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { useState } from "react";
import type { Case, Choice, DecisionName } from "../api/types";
import { Cap } from "../keys/Cap";
import { useKey } from "../keys/keyboard";
import type { KeyId } from "../keys/table";
import { printed } from "../queue/code";
import { may, useSession } from "../session/session";
import { AgreeDialog } from "./AgreeDialog";
import { AssignDialog, ReleaseDialog } from "./HandDialogs";
import { useOpenCase } from "./case-context";
import { decisionWords, four } from "./choices";
import { Checks } from "./Checks";
import { drafts } from "./drafts";
import { FormView } from "./FormView";
import { History } from "./History";
import { HoldLine } from "./HoldLine";
import { IssuedLine } from "./IssuedLine";
import { Note } from "./Note";
import { RefuseDialog } from "./RefuseDialog";
import { Standing } from "./Standing";
import { SupplementDialog } from "./SupplementDialog";
import { TransferDialog } from "./TransferDialog";
import type { Decided } from "./useDecide";
import "./decision.css";

type Dialog = "agree" | "supplement" | "transfer" | "refuse" | "assign" | "release";

interface Props {
  paper: string | null;
  claim: () => void;
  close: (words: string | null, next?: string, approved?: Case) => void;
  issue: (code: string | null) => void;
  /** The lease is given up on purpose, so it is not "lost". */
  forget: () => void;
}

const AFTER: Record<DecisionName, string> = {
  accept: "法定期限从今天起算。这件还在队列里，等下一步。",
  "refuse-to-accept": "当事人会看到理由和救济办法。",
  "return-for-supplement": "计时暂停。补正回来会优先到您手上。",
  approve: "当事人在自助机和手机上都能看到。",
  reject: "当事人会看到依据、理由和救济办法。",
  transfer: "对方业务线的同事现在能看到这件。",
};

export function DecisionPane({ paper, claim, close, issue, forget }: Props): JSX.Element {
  const { id, detail, one, holding } = useOpenCase();
  const { me } = useSession();
  const [dialog, setDialog] = useState<Dialog | null>(null);
  const { agree, supplement, transfer, refuse } = four(detail.decisions, one.status);
  const mine = holding === "mine";
  const handsOver = mine || (may(me, "assign") && holding !== "closed");
  const shut = (): void => setDialog(null);

  const usable = (choice: Choice | undefined): boolean => mine && choice !== undefined && choice.allowed;
  useKey("agree", () => setDialog("agree"), usable(agree));
  useKey("supplement", () => setDialog("supplement"), usable(supplement));
  useKey("transfer", () => setDialog("transfer"), usable(transfer));
  useKey("refuse", () => setDialog("refuse"), usable(refuse));
  useKey("assign", () => setDialog("assign"), handsOver);
  useKey("release", () => setDialog("release"), mine);

  const decided: Decided = (decision, outcome) => {
    drafts.clear(id);
    if (outcome === "goes-on") {
      shut();
      return;
    }
    forget();
    const what = `${one.title} ${printed(one.code)}`;
    if (outcome === "waits") close(`已记下：${decisionWords(decision)}，等第二人`, `${what}。另一位同事作同样的决定才生效。`);
    else close(`已${decisionWords(decision)}`, `${what}。${AFTER[decision]}`, decision === "approve" ? one : undefined);
  };

  const button = (key: KeyId, to: Dialog, choice: Choice | undefined, fallback: string, bad = false): JSX.Element => (
    <Button danger={bad} disabled={!usable(choice)} title={choice?.why_not.join("；")} type={to === "agree" && usable(choice) ? "primary" : "default"} icon={to === "agree" ? <CheckOutlined /> : undefined} onClick={() => setDialog(to)}>
      {choice?.label ?? fallback} <Cap id={key} />
    </Button>
  );

  return (
    <section className="decision" aria-label="核验与决定">
      <div className="decision-scroll" tabIndex={0} role="group" aria-label="核验内容">
        <FormView paper={paper} />
        <Checks />
        <Note />
        <History />
      </div>
      <div className="decision-fixed">
        <Standing agree={agree} />
        {one.status === "approved" ? (
          <IssuedLine issue={() => issue(one.code)} />
        ) : (
          <div className="four">
            {button("agree", "agree", agree, "受理")}
            {button("supplement", "supplement", supplement, "退回补正")}
            {button("transfer", "transfer", transfer, "转其他警种")}
            {button("refuse", "refuse", refuse, "不予", true)}
          </div>
        )}
        <HoldLine claim={claim} release={() => setDialog("release")} assign={() => setDialog("assign")} handsOver={handsOver} />
      </div>
      {dialog === "agree" && agree && <AgreeDialog choice={agree} close={shut} decided={decided} claim={claim} />}
      {dialog === "supplement" && <SupplementDialog close={shut} decided={decided} claim={claim} />}
      {dialog === "transfer" && <TransferDialog close={shut} decided={decided} claim={claim} />}
      {dialog === "refuse" && refuse && <RefuseDialog choice={refuse} close={shut} decided={decided} claim={claim} />}
      {dialog === "release" && <ReleaseDialog close={shut} released={() => { forget(); shut(); }} />}
      {dialog === "assign" && <AssignDialog close={shut} assigned={(who) => { forget(); close(`已移交给${who}`, `${one.title} ${printed(one.code)}`); }} />}
    </section>
  );
}
