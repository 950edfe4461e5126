// One row of the desk: its facts, and handing over, posting, printing again.
import { Button } from "antd";
import { useState } from "react";
import { usePrint } from "../issue/PaperShown";
import { ReprintDialog } from "../issue/ReprintDialog";
import { Cap } from "../keys/Cap";
import { useKey } from "../keys/keyboard";
import { printed } from "../queue/code";
import { officeNow } from "../session/clock";
import { clockOf } from "../session/clock-words";
import { may, useSession } from "../session/session";
import { HandOverDialog, PostDialog } from "./HandOver";
import { kindWords, type DeskRow } from "./words";

type Dialog = "hand-over" | "post" | "reprint";

interface Props {
  one: DeskRow;
  issue: () => void;
  openCase: (id: string) => void;
}

export function DeskCard({ one, issue, openCase }: Props): JSX.Element {
  const { me } = useSession();
  const [dialog, setDialog] = useState<Dialog | null>(null);
  const { busy, print } = usePrint();
  const { row } = one;
  const desk = one.what === "desk" ? one.row : null;
  const ready = desk?.state === "ready";
  const paper = desk?.kind === "certificate";
  useKey("hand-over", () => setDialog("hand-over"), ready);
  useKey("post", () => setDialog("post"), ready);
  useKey("again", () => setDialog("reprint"), paper && !busy);
  const fact = (name: string, value: string | null): JSX.Element | null => (value === null ? null : <div><dt>{name}</dt><dd>{value}</dd></div>);
  return (
    <>
      <h2>{row.title}</h2>
      <dl className="facts">
        {fact("回执编号", printed(row.code))}
        {fact("申请人尾号", row.last_four)}
        {fact("发什么", kindWords(row.kind))}
        {one.what === "issue" && fact("准予办结", clockOf(one.row.approved_at, officeNow()))}
        {desk && fact("编号", desk.number ?? "读不出，请管理员看密钥")}
        {desk && fact("可领取起", clockOf(desk.ready_at, officeNow()))}
        {desk?.done_at != null && fact(desk.state === "posted" ? "寄出" : "领走", clockOf(desk.done_at, officeNow()))}
        {desk && fact("运单号", desk.tracking)}
        {paper && fact("打印", `${desk.prints} 次`)}
      </dl>
      <div className="acts">
        {one.what === "issue" && may(me, "issue") && <Button type="primary" onClick={issue}>办结发证 <Cap id="open" /></Button>}
        {ready && <Button type="primary" onClick={() => setDialog("hand-over")}>领走 <Cap id="hand-over" /></Button>}
        {ready && <Button onClick={() => setDialog("post")}>邮寄 <Cap id="post" /></Button>}
        {paper && <Button loading={busy} onClick={() => setDialog("reprint")}>补打 <Cap id="again" /></Button>}
        <Button onClick={() => openCase(row.case_id)}>看办件 <Cap id="open-case" /></Button>
      </div>
      {desk && dialog === "hand-over" && <HandOverDialog row={desk} close={() => setDialog(null)} />}
      {desk && dialog === "post" && <PostDialog row={desk} close={() => setDialog(null)} />}
      {desk && dialog === "reprint" && <ReprintDialog row={desk} close={() => setDialog(null)} done={() => { setDialog(null); void print(desk.id); }} />}
    </>
  );
}
