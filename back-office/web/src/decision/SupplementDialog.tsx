// Return for supplement: left what is missing or wrong, right exactly what the resident will read.
import { FilterOutlined } from "@ant-design/icons";
import { useQuery } from "@tanstack/react-query";
import { Button, DatePicker, Input, Skeleton, type InputRef } from "antd";
import dayjs from "dayjs";
import { useEffect, useRef, useState } from "react";
import * as office from "../api/office";
import { say } from "../api/problem";
import type { Decision } from "../api/types";
import { useKey } from "../keys/keyboard";
import { Cap } from "../keys/Cap";
import { officeNow } from "../session/clock";
import { useOpenCase } from "./case-context";
import { DialogFrame } from "./DialogFrame";
import { useDraft } from "./drafts";
import { Letter } from "./Letter";
import { itemsOf, wantedRows, type Marked } from "./reasons";
import { useDecide, type Decided } from "./useDecide";
import { WantedRow } from "./WantedRow";

interface Props {
  close: () => void;
  claim: () => void;
  decided: Decided;
}

interface Written {
  marked: Record<string, Marked>;
  by: string;
}

export function SupplementDialog({ close, claim, decided }: Props): JSX.Element {
  const { id } = useOpenCase();
  const asked = useQuery({ queryKey: ["supplement-reasons", id], queryFn: () => office.supplementReasons(id), staleTime: 60_000 });
  const [written, setWritten] = useDraft<Written | null>(id, "supplement", null);
  const { busy, refused, send } = useDecide(decided);
  const list = asked.data?.items ?? [];
  const marked = written?.marked ?? {};
  const by = written?.by ?? asked.data?.default_by ?? "";
  const items = itemsOf(list, marked);
  const lack = items.length === 0 ? "请至少选一项。" : items.some((item) => item.words === "") ? "选中的每一项都要写明怎么做。" : by === "" ? "请选补正期限。" : null;
  const decision: Decision = { decision: "return-for-supplement", items, by };

  return (
    <DialogFrame
      title="退回补正" width={1040} close={close} claim={claim}
      foot={lack ?? "退回后计时暂停；补正回来，会先留给您一会儿。"}
      send={{ label: "退回并通知", key: "send", ready: lack === null, busy, run: () => void send(decision) }}
      side={<Letter decision={lack === null ? decision : null} empty="左边选好缺什么，这里显示当事人将读到的全文。" />}
    >
      <h3>缺什么、错在哪 <span className="quiet">一次说全，已选 {items.length} 项</span></h3>
      {asked.isPending && <Skeleton active={false} />}
      {asked.isError && <div className="note warn"><span className="grow">理由清单没有取到。{say(asked.error)}</span><Button size="small" onClick={() => void asked.refetch()}>再试</Button></div>}
      {asked.data && <List items={asked.data.items} marked={marked} setMarked={(next) => setWritten({ marked: next, by })} />}
      <div className="by-when">
        <label htmlFor="supplement-by">补正期限</label>
        <DatePicker
          id="supplement-by" allowClear={false} value={by === "" ? null : dayjs(by)} minDate={dayjs(officeNow())}
          format="YYYY-MM-DD" onChange={(day) => day && setWritten({ marked, by: day.format("YYYY-MM-DD") })}
        />
        <span className="quiet">{by !== "" && `到 ${dayjs(by).format("M 月 D 日 dddd")}${by === asked.data?.default_by ? "，按规定算好的" : ""}`}</span>
      </div>
      {refused !== null && <div className="note bad" role="alert">{refused}</div>}
    </DialogFrame>
  );
}

interface ListProps {
  items: Parameters<typeof wantedRows>[0];
  marked: Record<string, Marked>;
  setMarked: (marked: Record<string, Marked>) => void;
}

function List({ items, marked, setMarked }: ListProps): JSX.Element {
  const [typed, setTyped] = useState("");
  const [framed, setFramed] = useState(0);
  const filter = useRef<InputRef>(null);
  const box = useRef<HTMLUListElement>(null);
  const rows = wantedRows(items, marked, typed);
  useEffect(() => box.current?.focus(), []);

  const toggle = (at: number): void => {
    const row = rows[at];
    if (!row) return;
    setFramed(at);
    const next = { ...marked };
    if (row.marked === null) next[row.key] = { code: row.reason?.code ?? null, words: row.reason?.words ?? "" };
    else delete next[row.key];
    setMarked(next);
  };
  useKey("item", (digit) => toggle(Number(digit) - 1));
  useKey("find", () => filter.current?.focus());
  return (
    <>
      <Input
        ref={filter} allowClear value={typed} prefix={<FilterOutlined />} suffix={<Cap id="find" />}
        aria-label="筛选理由" placeholder="输入拼音或编号筛选理由，如 mohu、203"
        onChange={(event) => { setTyped(event.target.value); setFramed(0); }}
        onKeyDown={(event) => {
          const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
          if (step !== 0) {
            setFramed(Math.min(rows.length - 1, Math.max(0, framed + step)));
            event.preventDefault();
          } else if (event.key === "Enter" && !event.ctrlKey && !event.nativeEvent.isComposing) {
            toggle(typed.trim() === "" ? framed : Math.max(framed, rows.findIndex((row) => row.marked === null)));
            event.preventDefault();
          }
        }}
      />
      <ul className="wanted-list" ref={box} tabIndex={-1} aria-label="缺什么">
        {rows.map((row, at) => (
          <WantedRow key={row.key} row={row} number={at + 1} framed={at === framed && typed !== ""} toggle={() => toggle(at)} change={(next) => setMarked({ ...marked, [row.key]: next })} />
        ))}
        {rows.length === 0 && <li className="quiet">没有符合的理由。换一个词试试，或清空筛选。</li>}
      </ul>
    </>
  );
}
