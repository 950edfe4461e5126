// The navy bar: bureau and window, places to go, one search field that also takes a scanner, who is signed in.
import { SearchOutlined } from "@ant-design/icons";
import { Button, Input, Popconfirm, type InputRef } from "antd";
import { useRef } from "react";
import type { Counts } from "../api/types";
import { useWritten } from "../decision/drafts";
import { Cap } from "../keys/Cap";
import { useKey } from "../keys/keyboard";
import { useSession } from "../session/session";
import { Mark } from "./Mark";

interface Props {
  counts: Counts | undefined;
  text: string;
  setText: (text: string) => void;
  find: (text: string) => void;
  /** Begins a service at the counter; absent where the officer has no right to. */
  begin: (() => void) | undefined;
}

export function TopBar({ counts, text, setText, find, begin }: Props): JSX.Element {
  const { me, leave } = useSession();
  const field = useRef<InputRef>(null);
  const written = useWritten();
  useKey("search", () => field.current?.focus({ cursor: "all" }));
  return (
    <header className="bar">
      <div className="bar-home"><Mark /><strong>一门</strong></div>
      <div className="bar-place">
        <span>{me.bureau.name}{me.bureau.demo && <em>演示</em>}</span>
        <span>{me.station_name}{me.window === null ? "" : ` · ${/^\d+$/.test(me.window) ? `${me.window} 号窗口` : me.window}`}</span>
      </div>
      <nav aria-label="主要页面">
        <a href="#" className="bar-tab" aria-current="page" onClick={(event) => event.preventDefault()}>
          受理台 {counts && <span className="bar-count">{counts.all}</span>}
        </a>
      </nav>
      {begin && <Button type="text" className="bar-begin" onClick={begin}>开办 <Cap id="opening" /></Button>}
      <div className="bar-rest">
        {counts && counts.overdue > 0 && <span className="pill overdue">超期 {counts.overdue}</span>}
        {counts && counts.today > 0 && <span className="pill today">今日到期 {counts.today}</span>}
      </div>
      <Input
        ref={field}
        className="bar-search"
        aria-label="搜索：扫回执，或输受理号、姓名、后四位"
        placeholder="扫回执或输受理号、姓名"
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
      <div className="bar-who">
        <span><strong>{me.name}</strong> · 警号 {me.badge}</span>
        <span>{me.branches.map((one) => one.name).join(" ")}</span>
      </div>
      <Popconfirm
        title={written ? "还有没写完的内容，退出就清掉。" : "现在退出？"}
        okText="退出" cancelText="再留一会" placement="bottomRight" disabled={!written} onConfirm={leave}
      >
        <Button type="text" className="bar-out" onClick={() => !written && leave()}>退出</Button>
      </Popconfirm>
    </header>
  );
}
