// The collection desk: what waits to be issued, what is ready, what left; found by code, number, last four or title.
import { useQuery } from "@tanstack/react-query";
import { Button, Empty, Input, Segmented, Skeleton, type InputRef } from "antd";
import { useEffect, useRef, useState } from "react";
import * as counter from "../api/counter";
import { say } from "../api/problem";
import { IssuePane } from "../issue/IssuePane";
import { Cap } from "../keys/Cap";
import { KeyLayer, useKey } from "../keys/keyboard";
import { printed } from "../queue/code";
import { officeNow } from "../session/clock";
import { clockOf } from "../session/clock-words";
import { useSession } from "../session/session";
import { GoKeys } from "../shell/GoKeys";
import { PickList, usePick } from "../shell/PickList";
import type { PlaceId } from "../shell/places";
import { DeskCard } from "./DeskCard";
import { deskGroups, kindWords, nextShown, SHOWN, type DeskRow, type Shown } from "./words";

const PAUSE_MS = 200;
const FRESH_MS = 30_000;

interface Props {
  /** A code that was scanned while the page is open; each scan is a new object. */
  scanned: { code: string } | null;
  openCase: (id: string) => void;
  go: (place: PlaceId) => void;
  help: () => void;
}

export function CollectPage({ scanned, openCase, go, help }: Props): JSX.Element {
  const { ended } = useSession();
  const [text, setText] = useState("");
  const [q, setQ] = useState("");
  const [shown, setShown] = useState<Shown>("all");
  const [issuing, setIssuing] = useState<{ id: string; code: string | null } | null>(null);
  const field = useRef<InputRef>(null);
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const timer = setTimeout(() => setQ(text.trim()), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text]);
  useEffect(() => {
    if (scanned === null) return;
    setIssuing(null);
    setShown("all");
    setText(printed(scanned.code));
  }, [scanned]);
  const asked = useQuery({
    queryKey: ["collections", "desk", q],
    queryFn: ({ signal }) => counter.desk(q, signal),
    enabled: !ended,
    placeholderData: (old) => old,
    refetchInterval: FRESH_MS,
  });
  const groups = deskGroups(asked.data, shown);
  const pick = usePick(groups, idOf);
  const chosen = pick.chosen;
  const issue = (row: DeskRow | undefined): void => {
    if (row?.what === "issue") setIssuing({ id: row.row.case_id, code: row.row.code });
  };
  useKey("search", () => field.current?.focus({ cursor: "all" }));
  useKey("desk-filter", () => setShown(nextShown(shown)));
  useKey("open", () => issue(chosen), chosen?.what === "issue");
  useKey("open-case", () => chosen && openCase(chosen.row.case_id), chosen !== undefined);

  return (
    <main className="page collect">
      <header className="page-head">
        <h1>领证</h1>
        <Input
          ref={field} className="page-search" allowClear aria-label="找领取：回执编号、编号、后四位、事项" placeholder="扫回执，或输回执编号、编号、后四位" suffix={<kbd aria-hidden="true">/</kbd>}
          value={text} onChange={(event) => setText(event.target.value)} onPressEnter={(event) => { setQ(text.trim()); event.currentTarget.blur(); list.current?.querySelector<HTMLElement>(".rows")?.focus(); }}
        />
        <Segmented size="small" name="desk-shown" aria-label="看哪些" value={shown} onChange={setShown} options={[...SHOWN]} /> <Cap id="desk-filter" />
      </header>
      {asked.isError && <div className="note warn page-note"><span className="grow">{asked.data ? "名单停在刚才的样子。" : "名单还没有取到。"}{say(asked.error)}</span><Button size="small" onClick={() => void asked.refetch()}>再试</Button></div>}
      <div className="page-two">
        <section className="page-list" aria-label="领取台" ref={list}>
          <PickList
            label="领取台" groups={groups} pick={pick} id={idOf} choose={(row) => { pick.choose(idOf(row)); issue(row); }}
            row={(one) => (
              <>
                <div className="row-line"><span className="row-title">{one.row.title}</span><span className={`pill ${one.what === "issue" ? "today" : one.row.state === "ready" ? "free" : "other"}`}>{standWords(one)}</span></div>
                <div className="row-line row-who"><span>{printed(one.row.code)}</span><span>尾号 {one.row.last_four ?? "未记"}</span><span>{kindWords(one.row.kind)}</span></div>
              </>
            )}
          />
          {!asked.data && !asked.isError && <Skeleton active={false} className="page-wait" />}
          {asked.data && pick.rows.length === 0 && (
            <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={q !== "" || shown !== "all" ? "没有符合的。" : "领取台现在是空的。准予办结的件发证后，会出现在这里。"}>
              {(q !== "" || shown !== "all") && <Button size="small" onClick={() => { setText(""); setQ(""); setShown("all"); }}>看全部</Button>}
            </Empty>
          )}
        </section>
        {issuing !== null ? (
          <KeyLayer>
            <GoKeys go={go} help={help} />
            <IssuePane key={issuing.id} caseId={issuing.id} code={issuing.code} leave={() => { pick.choose(issuing.id); setIssuing(null); }} leaveWords="回到名单" />
          </KeyLayer>
        ) : (
          <section className="page-detail" aria-label="选中的一份">
            {chosen && <DeskCard key={idOf(chosen)} one={chosen} issue={() => issue(chosen)} openCase={openCase} />}
          </section>
        )}
      </div>
    </main>
  );
}

/** A case stands on the desk once, so its id names the row before and after it was issued. */
function idOf(one: DeskRow): string {
  return one.row.case_id;
}

function standWords(one: DeskRow): string {
  if (one.what === "issue") return `${clockOf(one.row.approved_at, officeNow())} 准予办结`;
  const { state, ready_at, done_at } = one.row;
  if (state === "ready") return `${clockOf(ready_at, officeNow())} 起可领`;
  return `${clockOf(done_at ?? "", officeNow())} ${state === "collected" ? "领走" : "寄出"}`;
}
