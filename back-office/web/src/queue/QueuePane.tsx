// The queue: filters, groups, rows. A new list changes rows in place; cursor, scroll and what is open stay.
import { Button, Empty, Skeleton } from "antd";
import { useEffect, useLayoutEffect, useMemo, useRef } from "react";
import type { UseQueryResult } from "@tanstack/react-query";
import type { QueueWish } from "../api/office";
import { say } from "../api/problem";
import type { Named, Queue } from "../api/types";
import { useKey } from "../keys/keyboard";
import { useNow } from "../session/clock";
import { useSession } from "../session/session";
import { EVERYTHING, Filters } from "./Filters";
import { grouped, inOrder, moved } from "./groups";
import { Row } from "./Row";
import "./queue.css";

interface Props {
  list: UseQueryResult<Queue>;
  /** The last list that came. */
  shown: Queue | undefined;
  wish: QueueWish;
  setWish: (wish: QueueWish) => void;
  cursor: string | null;
  setCursor: (id: string | null) => void;
  openId: string | null;
  open: (id: string) => void;
}

export function QueuePane({ list, shown, wish, setWish, cursor, setCursor, openId, open }: Props): JSX.Element {
  const { me } = useSession();
  const now = useNow(1000);
  const box = useRef<HTMLDivElement>(null);
  const groups = useMemo(() => grouped(shown?.cases ?? [], wish.sort), [shown, wish.sort]);
  const order = useMemo(() => inOrder(groups), [groups]);
  const lastIndex = useRef(0);
  const stations = useRef(new Map<string, Named>([[me.station, { id: me.station, name: me.station_name }]]));
  for (const one of order) stations.current.set(one.station, { id: one.station, name: one.station_name });

  const cursorAt = order.findIndex((one) => one.id === cursor);
  if (cursorAt >= 0) lastIndex.current = cursorAt;
  useEffect(() => {
    if (cursor === null && order[0]) setCursor(order[0].id);
  }, [cursor, order, setCursor]);

  const go = (step: number): void => {
    const to = moved(order, cursor, step, lastIndex.current);
    setCursor(to);
    if (to !== null) document.getElementById(`row-${to}`)?.scrollIntoView({ block: "nearest" });
  };
  useKey("down", () => go(1), order.length > 0);
  useKey("up", () => go(-1), order.length > 0);
  useKey("open", () => cursor !== null && open(cursor), cursorAt >= 0);
  useSteadyScroll(box, order.map((one) => one.id).join());

  const narrowed = wish.whose !== "all" || wish.branch !== "" || wish.station !== "" || wish.status !== "" || wish.q !== "";
  return (
    <section className="queue" aria-label="队列">
      <Filters wish={wish} set={setWish} counts={shown?.counts} branches={me.branches} stations={[...stations.current.values()]} />
      {list.isError && shown && (
        <div className="note warn queue-note"><span className="grow">列表停在刚才的样子。{say(list.error)}</span><Button size="small" onClick={() => void list.refetch()}>再试</Button></div>
      )}
      <div className="rows" ref={box} role="listbox" tabIndex={0} aria-label="办件" aria-activedescendant={cursorAt >= 0 ? `row-${cursor ?? ""}` : undefined}>
        {groups.map((group) => (
          <div key={group.key} role="group" aria-label={`${group.title} ${group.cases.length} 件`}>
            <div className="group-title" aria-hidden="true">{group.title} <span className="quiet">{group.cases.length} 件</span></div>
            {group.cases.map((one) => (
              <Row key={one.id} one={one} me={me.id} now={one.holder === null ? 0 : now} cursor={one.id === cursor} open={one.id === openId} choose={open} />
            ))}
          </div>
        ))}
      </div>
      {order.length === 0 && (
        <div className="rows-empty">
          {list.isPending && !list.isError && <Skeleton active={false} paragraph={{ rows: 8 }} />}
          {list.isError && !shown && (
            <div className="note bad"><span className="grow">队列还没有取到。{say(list.error)}</span><Button size="small" onClick={() => void list.refetch()}>再试</Button></div>
          )}
          {shown && (
            <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={narrowed ? "没有符合筛选的办件。" : "现在没有办件。自助机提交后，会自动出现在这里。"}>
              {narrowed && <Button size="small" onClick={() => setWish({ ...EVERYTHING, sort: wish.sort })}>取消筛选</Button>}
            </Empty>
          )}
        </div>
      )}
    </section>
  );
}

/** When rows come and go above, the first row that was in sight stays where it was. */
function useSteadyScroll(box: React.RefObject<HTMLDivElement>, order: string): void {
  const seen = useRef<{ id: string; top: number } | null>(null);
  useEffect(() => {
    const pane = box.current;
    if (!pane) return undefined;
    const remember = (): void => {
      const edge = pane.getBoundingClientRect().top;
      const row = [...pane.querySelectorAll<HTMLElement>("[role=option]")].find((one) => one.getBoundingClientRect().bottom > edge + 30);
      seen.current = row ? { id: row.id, top: row.getBoundingClientRect().top - edge } : null;
    };
    pane.addEventListener("scroll", remember, { passive: true });
    remember();
    return () => pane.removeEventListener("scroll", remember);
  }, [box, order]);
  useLayoutEffect(() => {
    const pane = box.current;
    const row = seen.current && document.getElementById(seen.current.id);
    if (!pane || !row || !seen.current || pane.scrollTop === 0) return;
    pane.scrollTop += row.getBoundingClientRect().top - pane.getBoundingClientRect().top - seen.current.top;
  }, [box, order]);
}
