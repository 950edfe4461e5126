// "开办": find a service by word, pinyin or initials, or go on with one's own unfinished opening. One field, one list, keys only.
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Button, Input, Modal, Segmented, Skeleton } from "antd";
import { useEffect, useState } from "react";
import * as api from "../api/openings";
import { say } from "../api/problem";
import { Cap } from "../keys/Cap";
import { KeyLayer, useKey } from "../keys/keyboard";
import { printed } from "../queue/code";
import { clockOf } from "../session/clock-words";
import { officeNow } from "../session/clock";
import { cursorIn, listed, step, type By, type Item } from "./listing";
import "./opening.css";

const SEARCH_MS = 150;

interface Props {
  close: () => void;
  opened: (id: string) => void;
}

function Line({ item }: { item: Item }): JSX.Element {
  if (item.kind === "service") {
    return <><span className="pick-title">{item.row.title}</span><span className="pick-about quiet">{item.row.about}</span><span className="pick-end quiet">{item.row.branch_name}</span></>;
  }
  const { row } = item;
  return (
    <>
      <span className="pick-title">{row.title}</span>
      <span className="pick-about quiet">{row.applicant ?? "还没有姓名"}　{printed(row.code)}　{row.from === "kiosk" ? "居民在机上办了一半" : "窗口新开"}{row.last_step !== null && `，填到“${row.last_step}”`}</span>
      <span className="pick-end quiet">{clockOf(row.begun_at, officeNow())}</span>
    </>
  );
}

function Body({ close, opened }: Props): JSX.Element {
  const [text, setText] = useState("");
  const [q, setQ] = useState("");
  const [by, setBy] = useState<By>("category");
  const [cursor, setCursor] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  useEffect(() => {
    const timer = setTimeout(() => setQ(text.trim()), SEARCH_MS);
    return () => clearTimeout(timer);
  }, [text]);
  const services = useQuery({ queryKey: ["services", q], queryFn: ({ signal }) => api.services(q, signal), placeholderData: keepPreviousData });
  const mine = useQuery({ queryKey: ["openings"], queryFn: ({ signal }) => api.mine(signal), staleTime: 0 });
  const groups = listed(mine.data?.openings ?? [], services.data?.services ?? [], by, q);
  const now = cursorIn(groups, cursor, q !== "");
  // A hit of the letters before is not what these letters ask for.
  const settled = q === text.trim() && !services.isPlaceholderData;

  const run = async (item: Item | undefined): Promise<void> => {
    if (item === undefined || busy) return;
    if (item.kind === "mine") {
      opened(item.row.id);
      return;
    }
    setBusy(true);
    setError(null);
    try {
      opened((await api.begin(item.row.id)).id);
    } catch (problem) {
      setError(`没有开成，什么都没有改动。${say(problem)}`);
      setBusy(false);
    }
  };
  // Enter after fast typing waits for the list of these letters.
  const [pressed, setPressed] = useState(false);
  useEffect(() => {
    if (!pressed || !settled) return;
    setPressed(false);
    void run(now);
  });
  const go = (to: 1 | -1): void => {
    const next = step(groups, now, to);
    setCursor(next?.key ?? null);
    if (next) document.getElementById(`pick-${next.key}`)?.scrollIntoView({ block: "nearest" });
  };
  useKey("leave", close);
  useKey("list-down", () => go(1), now !== undefined);
  useKey("list-up", () => go(-1), now !== undefined);
  useKey("go-on", () => setPressed(true));
  const nothing = services.data !== undefined && groups.length === 0;
  return (
    <>
      <div className="dialog-main chooser">
        <div className="chooser-line">
          <Input
            autoFocus allowClear type="search" aria-label="找事项：输几个字、拼音或首字母" placeholder="输几个字、拼音或首字母，如 sfz" value={text} aria-controls="pick-list"
            aria-activedescendant={now === undefined ? undefined : `pick-${now.key}`} onChange={(event) => { setText(event.target.value); setCursor(null); setPressed(false); }}
          />
          <Segmented<By> value={by} onChange={setBy} aria-label="怎么排" options={[{ value: "category", label: "按类别" }, { value: "branch", label: "按业务线" }]} />
        </div>
        {services.isError && <div className="note bad"><span className="grow">事项清单没有取到。{say(services.error)}</span><Button size="small" onClick={() => void services.refetch()}>再试</Button></div>}
        {mine.isError && <div className="note warn"><span className="grow">没办完的清单没有取到。{say(mine.error)}</span><Button size="small" onClick={() => void mine.refetch()}>再试</Button></div>}
        {services.isPending && <Skeleton active={false} paragraph={{ rows: 8 }} />}
        {nothing && <p className="chooser-none">没有找到“{q}”。换个说法试试，或清空后按类别找。您没有权限收的事项不在这里。</p>}
        <div id="pick-list" className="picks" role="listbox" tabIndex={0} aria-label="事项">
          {groups.map((group) => (
            <div key={group.title} role="group" aria-label={`${group.title} ${group.items.length} 项`}>
              <div className="group-title" aria-hidden="true">{group.title} <span className="quiet">{group.items.length}</span></div>
              {group.items.map((item) => (
                <div key={item.key} id={`pick-${item.key}`} role="option" aria-selected={item.key === now?.key} className={item.key === now?.key ? "pick now" : "pick"} onClick={() => void run(item)}>
                  <Line item={item} />
                </div>
              ))}
            </div>
          ))}
        </div>
        {error !== null && <div className="note bad" role="alert">{error}</div>}
      </div>
      <div className="dialog-foot">
        <span className="quiet"><Cap id="list-up" /> <Cap id="list-down" /> 选。居民拿着受理码来的，不用在这里找，直接扫码。</span>
        <Button onClick={close}>取消 <Cap id="leave" /></Button>
        <Button type="primary" disabled={now === undefined} loading={busy} onClick={() => void run(now)}>{now?.kind === "mine" ? "接着办" : "开办"} <Cap id="go-on" /></Button>
      </div>
    </>
  );
}

export function Chooser({ close, opened }: Props): JSX.Element {
  return (
    <Modal getContainer="#dialogs" open centered width={860} className="dialog" footer={null} keyboard={false} onCancel={close} title="开办">
      <KeyLayer over={4}><Body close={close} opened={opened} /></KeyLayer>
    </Modal>
  );
}
