// Issue what was approved: for a credential the copy aid and the number the ministry's system gave; for a certificate the
// sealed paper, shown and printed. What is issued lies at the collection desk then.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { App as Kit, Button, Skeleton } from "antd";
import { useState, type ReactNode } from "react";
import * as counter from "../api/counter";
import type { Collection, Desk, ToIssue } from "../api/counter-types";
import { say } from "../api/problem";
import { Cap } from "../keys/Cap";
import { useKey } from "../keys/keyboard";
import { printed } from "../queue/code";
import { IssueCertificate, IssueCredential } from "./IssueForms";
import { PaperShown } from "./PaperShown";
import "./issue.css";

interface Props {
  caseId: string;
  /** Receipt code; narrows the desk to this case. */
  code: string | null;
  /** `issued`: it was issued just now, so nothing is left to do here. */
  leave: (issued: boolean) => void;
  /** What Esc does, as its button says it. */
  leaveWords: string;
}

/** Where a case stands between approval and the desk. */
export function standing(desk: Desk, caseId: string): { waits: ToIssue | undefined; issued: Collection | undefined } {
  return { waits: desk.to_issue.find((one) => one.case_id === caseId), issued: desk.rows.find((one) => one.case_id === caseId) };
}

/** The desk's rows of one case. */
export function useIssuing(caseId: string, code: string | null, on: boolean): ReturnType<typeof useQuery<Desk>> {
  return useQuery({ queryKey: ["collections", "case", caseId], queryFn: ({ signal }) => counter.desk(code ?? "", signal), enabled: on });
}

export function IssuePane({ caseId, code, leave, leaveWords }: Props): JSX.Element {
  const client = useQueryClient();
  const { message } = Kit.useApp();
  const asked = useIssuing(caseId, code, true);
  const [fresh, setFresh] = useState<Collection | null>(null);
  const [busy, setBusy] = useState(false);
  useKey("leave", () => leave(fresh !== null));
  const found = asked.data && standing(asked.data, caseId);
  const waits = found?.waits;
  const issued = fresh ?? found?.issued;

  const issue = async (number: string | null): Promise<string | null> => {
    if (!waits || busy) return null;
    setBusy(true);
    try {
      setFresh(await counter.issue(caseId, waits.claim_epoch, number));
      void message.success("已发证，放到领取台。");
      return null;
    } catch (problem) {
      return `没有发出，您填的都还在。${say(problem)}`;
    } finally {
      setBusy(false);
      void client.invalidateQueries({ queryKey: ["collections"] });
    }
  };

  const title = issued?.title ?? waits?.title;
  return (
    <section className="issue-pane" aria-label="办结发证">
      <header className="issue-head">
        <h1>办结发证{title !== undefined && <> · {title}</>}</h1>
        <strong>{printed(code)}</strong>
        {(issued ?? waits)?.last_four && <span className="quiet">尾号 {(issued ?? waits)?.last_four}</span>}
        <span className="grow" />
        <Button onClick={() => leave(fresh !== null)}>{leaveWords} <Cap id="leave" /></Button>
      </header>
      <Body>
        {!asked.data && !asked.isError && <Skeleton active={false} paragraph={{ rows: 8 }} />}
        {asked.isError && !asked.data && <div className="note bad"><span className="grow">还没有取到，什么都没有改动。{say(asked.error)}</span><Button size="small" onClick={() => void asked.refetch()}>再试</Button></div>}
        {issued && <Issued row={issued} first={fresh !== null} />}
        {!issued && waits?.kind === "credential" && <IssueCredential row={waits} busy={busy} issue={issue} />}
        {!issued && waits?.kind === "certificate" && <IssueCertificate row={waits} busy={busy} issue={issue} />}
        {asked.data && !issued && waits?.kind === undefined && <p>这件不用在这里发证：结果当场已给，或由别的单位发。</p>}
        {!issued && waits?.kind === null && <p>目录里没有这个事项发什么，请管理员核对后再发证。</p>}
      </Body>
    </section>
  );
}

function Body({ children }: { children: ReactNode }): JSX.Element {
  return <div className="issue-body">{children}</div>;
}

function Issued({ row, first }: { row: Collection; first: boolean }): JSX.Element {
  if (row.kind === "certificate") return <PaperShown row={row} first={first} />;
  return (
    <div className="issue-done">
      <h2>已发证，在领取台</h2>
      <dl className="facts">
        <div><dt>编号</dt><dd>{row.number ?? "读不出"}</dd></div>
      </dl>
      <p>当事人会收到领取通知。来领时到“领证”页核对身份。</p>
    </div>
  );
}
