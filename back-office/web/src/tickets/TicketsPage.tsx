// Numbers at the counter: who is called, who waits, who was served; call, call again, served, did not come.
// Not here: the wall's screen, which the public door serves by itself.
import { DesktopOutlined } from "@ant-design/icons";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { App as Kit, Button, Empty, Skeleton } from "antd";
import { useEffect, useState } from "react";
import * as counter from "../api/counter";
import type { Ticket } from "../api/counter-types";
import { say } from "../api/problem";
import { Cap } from "../keys/Cap";
import { useKey } from "../keys/keyboard";
import { PickList, usePick } from "../shell/PickList";
import { useSession } from "../session/session";
import { TicketCard } from "./TicketCard";
import { standWords, windowWords } from "./words";
import { useWindow } from "./window";
import { WindowDialog } from "./WindowDialog";
import "./tickets.css";

const FRESH_MS = 10_000;

/** Today's numbers, kept fresh by the queue's events and now and then. */
export function useTickets(on: boolean): ReturnType<typeof useQuery<Awaited<ReturnType<typeof counter.tickets>>>> {
  return useQuery({ queryKey: ["tickets"], queryFn: ({ signal }) => counter.tickets(signal), enabled: on, refetchInterval: FRESH_MS });
}

export function TicketsPage({ openCase }: { openCase: (id: string) => void }): JSX.Element {
  const { me, ended } = useSession();
  const client = useQueryClient();
  const { message } = Kit.useApp();
  const asked = useTickets(!ended);
  const [window, choose] = useWindow(me.window);
  const [choosing, setChoosing] = useState(window === null);
  const [busy, setBusy] = useState(false);
  const told = asked.data;
  const groups = [
    { title: "正在叫", rows: told?.now_serving ?? [] },
    { title: "等候", rows: told?.waiting ?? [] },
    { title: "已完", rows: told?.done ?? [] },
  ];
  const pick = usePick(groups, (ticket) => ticket.number, (ticket) => (ticket.state === "called" ? ticket.window === window : ticket.state === "waiting"));
  const chosen = pick.chosen;
  useEffect(() => setChoosing((old) => old || window === null), [window]);

  /** Takes a step; what came back is chosen, so the next key means the same number. */
  const step = async (job: () => Promise<Ticket>): Promise<void> => {
    if (busy) return;
    setBusy(true);
    try {
      pick.choose((await job()).number);
    } catch (problem) {
      void message.info(say(problem));
    } finally {
      setBusy(false);
      await client.invalidateQueries({ queryKey: ["tickets"] });
    }
  };
  const to = window ?? "";
  const next = (): void => void step(() => counter.callNext(to));
  useKey("ticket-next", next, window !== null);
  useKey("ticket-window", () => setChoosing(true));
  useKey("open", () => chosen && openCase(chosen.case_id), chosen !== undefined);

  return (
    <main className="page tickets">
      <header className="page-head">
        <h1>叫号</h1>
        {told && <span className={told.hours.open ? "pill ok" : "pill warn"}>{told.hours.words}</span>}
        <span>请到 <strong>{window === null ? "还没有选窗口" : windowWords(window)}</strong></span>
        <Button size="small" onClick={() => setChoosing(true)}>换窗口 <Cap id="ticket-window" /></Button>
        <span className="grow" />
        {me.bureau.wall && <a href={me.bureau.wall} target="_blank" rel="noreferrer"><DesktopOutlined /> 打开大厅显示屏</a>}
        <Button type="primary" loading={busy} disabled={window === null} onClick={next}>叫下一个 <Cap id="ticket-next" /></Button>
      </header>
      {asked.isError && (
        <div className="note warn page-note"><span className="grow">{told ? "名单停在刚才的样子。" : "名单还没有取到。"}{say(asked.error)}</span><Button size="small" onClick={() => void asked.refetch()}>再试</Button></div>
      )}
      <div className="page-two">
        <section className="page-list" aria-label="今天的号">
          <PickList
            label="今天的号" groups={groups} pick={pick} id={(ticket) => ticket.number} choose={(ticket) => pick.choose(ticket.number)}
            row={(ticket) => (
              <>
                <div className="row-line"><span className="row-title number">{ticket.number}</span><span>{ticket.title}</span><span className={`pill ${ticket.state === "called" ? "mine" : ticket.state === "waiting" ? "free" : "other"}`}>{standWords(ticket)}</span></div>
                <div className="row-line row-who"><span>{ticket.branch_name}</span></div>
              </>
            )}
          />
          {!told && !asked.isError && <Skeleton active={false} className="page-wait" />}
          {told && pick.rows.length === 0 && <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description="今天还没有人取号。自助机请人到窗口时，号会自动出现在这里。" />}
        </section>
        <section className="page-detail" aria-label="选中的号">
          {chosen ? <TicketCard key={chosen.number} ticket={chosen} window={to} busy={busy} step={step} openCase={openCase} /> : told && <p className="quiet">没有人在等。有人取号时按 N 叫。</p>}
        </section>
      </div>
      {choosing && <WindowDialog window={window} close={() => setChoosing(false)} choose={(named) => { choose(named); setChoosing(false); }} />}
    </main>
  );
}
