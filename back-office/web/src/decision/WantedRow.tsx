// One thing that may be asked for again: tick, why, and the words the resident will read, open to editing.
import { Checkbox, Input, Select } from "antd";
import type { Marked, Wanted } from "./reasons";

interface Props {
  row: Wanted;
  number: number;
  framed: boolean;
  toggle: () => void;
  change: (marked: Marked) => void;
}

export function WantedRow({ row, number, framed, toggle, change }: Props): JSX.Element {
  const { marked, reason } = row;
  const pick = (code: string): void => {
    const next = row.reasons.find((one) => one.code === code);
    if (next) change({ code: next.code, words: next.words });
  };
  return (
    <li className={`wanted ${marked ? "chosen" : ""} ${framed ? "framed" : ""}`}>
      <div className="wanted-line">
        <Checkbox checked={marked !== null} onChange={toggle}>
          {number <= 9 && <kbd aria-hidden="true">{number}</kbd>} <strong>{row.title}</strong>　{marked === null ? reason?.label : null}
        </Checkbox>
        {marked !== null && row.reasons.length > 0 ? (
          <Select size="small" aria-label={`${row.title}的理由`} value={marked.code ?? undefined} placeholder="选理由" onChange={pick} options={row.reasons.map((one) => ({ value: one.code, label: `${one.code} ${one.label}` }))} />
        ) : (
          reason && <span className="quiet">理由 {reason.code}</span>
        )}
      </div>
      {marked !== null && (
        <Input.TextArea id={`words-${row.key}`} aria-label={`${row.title}：请当事人怎么做`} rows={marked.words.length > 34 ? 2 : 1} maxLength={300} value={marked.words} onChange={(event) => change({ ...marked, words: event.target.value })} />
      )}
    </li>
  );
}
