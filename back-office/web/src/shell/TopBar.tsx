// The navy bar: bureau and window, places to go, one search field that also takes a scanner, who is signed in.
import { SearchOutlined } from "@ant-design/icons";
import { Button, Input, Popconfirm, type InputRef } from "antd";
import { useRef } from "react";
import type { Counts } from "../api/types";
import { useWritten } from "../decision/drafts";
import { Cap } from "../keys/Cap";
import { useKey } from "../keys/keyboard";
import { may, useSession } from "../session/session";
import { useTickets } from "../tickets/TicketsPage";
import { windowWords } from "../tickets/words";
import { Mark } from "./Mark";
import { PLACES, type PlaceId } from "./places";

interface Props {
  counts: Counts | undefined;
  text: string;
  setText: (text: string) => void;
  find: (text: string) => void;
  /** Begins a service at the counter; absent where the officer has no right to. */
  begin: (() => void) | undefined;
  place: PlaceId;
  go: (place: PlaceId) => void;
}

export function TopBar({ counts, text, setText, find, begin, place, go }: Props): JSX.Element {
  const { me, leave, ended } = useSession();
  const waiting = useTickets(may(me, "tickets") && !ended).data?.waiting.length;
  const count: Partial<Record<PlaceId, number>> = { bench: counts?.all, tickets: waiting === 0 ? undefined : waiting };
  const field = useRef<InputRef>(null);
  const written = useWritten();
  useKey("search", () => field.current?.focus({ cursor: "all" }));
  return (
    <header className="bar">
      <div className="bar-home"><Mark /><strong>一门</strong></div>
      <div className="bar-place">
        <span>{me.bureau.name}{me.bureau.demo && <em>演示</em>}</span>
        <span>{me.station_name}{me.window === null ? "" : ` · ${windowWords(me.window)}`}</span>
      </div>
      <nav aria-label="主要页面">
        {PLACES.filter((one) => one.needs !== null && may(me, one.needs)).map((one) => (
          <a key={one.id} href={`#/${one.id}`} className={one.id === place ? "bar-tab now" : "bar-tab"} aria-current={one.id === place ? "page" : undefined} onClick={(event) => { event.preventDefault(); go(one.id); }}>
            {one.title} {count[one.id] !== undefined && <span className="bar-count">{count[one.id]}</span>} <span className="bar-cap"><Cap id={one.key} /></span>
          </a>
        ))}
      </nav>
      {begin && <Button type="text" className="bar-begin" onClick={begin}>开办 <Cap id="opening" /></Button>}
      <div className="bar-rest">
        {counts && counts.overdue > 0 && <span className="pill overdue">超期 {counts.overdue}</span>}
        {counts && counts.today > 0 && <span className="pill today">今日到期 {counts.today}</span>}
      </div>
      <Input
        ref={field}
        className="bar-search"
        aria-label="搜索：扫回执，或输回执编号、姓名、后四位"
        placeholder="扫回执或输回执编号、姓名"
        prefix={<SearchOutlined />}
        suffix={<kbd aria-hidden="true">/</kbd>}
        allowClear
        value={text}
        onChange={(event) => setText(event.target.value)}
        onPressEnter={(event) => {
          find(text);
          event.currentTarget.blur();
        }}
      />
      <a href="#/account" className={place === "account" ? "bar-who now" : "bar-who"} title="我的登录" aria-current={place === "account" ? "page" : undefined} onClick={(event) => { event.preventDefault(); go("account"); }}>
        <span><strong>{me.name}</strong> · 警号 {me.badge} <span className="bar-cap"><Cap id="go-account" /></span></span>
        <span>{me.branches.map((one) => one.name).join(" ")}</span>
      </a>
      <Popconfirm
        title={written ? "还有没写完的内容，退出就清掉。" : "现在退出？"}
        okText="退出" cancelText="再留一会" placement="bottomRight" disabled={!written} onConfirm={leave}
      >
        <Button type="text" className="bar-out" onClick={() => !written && leave()}>退出</Button>
      </Popconfirm>
    </header>
  );
}
