// The fields for the ministry's system in its order: one key copies the framed one and frames the next. Read aloud what was copied.
import { CheckOutlined } from "@ant-design/icons";
import { useQuery } from "@tanstack/react-query";
import { Button, Skeleton } from "antd";
import { useState } from "react";
import * as counter from "../api/counter";
import { say } from "../api/problem";
import { Cap } from "../keys/Cap";
import { useKey } from "../keys/keyboard";
import { copyWords } from "./clipboard";

/** A label that is a question, as part of a sentence. */
export function plainLabel(label: string): string {
  return label.replace(/[？?：:。]+$/, "");
}

/** Which field is framed after this one was copied: the next, and the last stays. */
export function afterCopy(at: number, many: number): number {
  return Math.min(many - 1, at + 1);
}

export function CopyAid({ caseId }: { caseId: string }): JSX.Element {
  // Every look is written down, so it is read once.
  const asked = useQuery({ queryKey: ["copy-aid", caseId], queryFn: ({ signal }) => counter.copyAid(caseId, signal), staleTime: Infinity, gcTime: 0 });
  const fields = asked.data?.fields ?? [];
  const [at, setAt] = useState(0);
  const [copied, setCopied] = useState<ReadonlySet<number>>(new Set());
  const [told, setTold] = useState("");
  const go = (to: number): void => {
    setAt(to);
    document.getElementById(`copy-${to}`)?.scrollIntoView({ block: "nearest" });
  };
  const copy = async (which: number): Promise<void> => {
    const field = fields[which];
    if (!field) return;
    if (!(await copyWords(field.value))) {
      setTold(`没有复制成，剪贴板里还是原来的。请手工抄：${plainLabel(field.label)}。`);
      return;
    }
    const done = new Set(copied).add(which);
    setCopied(done);
    const next = fields[which + 1];
    setTold(`已复制：${plainLabel(field.label)}。${done.size === fields.length ? "全部复制过了，按 E 填系统给的编号。" : next ? `下一项：${plainLabel(next.label)}。` : ""}`);
    go(afterCopy(which, fields.length));
  };
  useKey("copy", () => void copy(at), fields.length > 0);
  useKey("down", () => go(Math.min(fields.length - 1, at + 1)), fields.length > 0);
  useKey("up", () => go(Math.max(0, at - 1)), fields.length > 0);
  return (
    <section className="copy-aid" aria-label="抄录">
      <h2>抄到业务系统 <span className="quiet">按系统里的顺序。<Cap id="copy" /> 复制框住的一项，框移到下一项；<Cap id="down" /> <Cap id="up" /> 移动</span></h2>
      {asked.isPending && <Skeleton active={false} />}
      {asked.isError && <div className="note warn"><span className="grow">没有取到要抄的内容，什么都没有改动。{say(asked.error)}</span><Button size="small" onClick={() => void asked.refetch()}>再试</Button></div>}
      <ol>
        {fields.map((field, place) => (
          <li key={`${field.label} ${place}`} id={`copy-${place}`} className={place === at ? "copy-field framed" : "copy-field"} aria-current={place === at}>
            <span className="copy-label">{plainLabel(field.label)}</span>
            <span className="copy-value">{field.value}</span>
            {copied.has(place) && <span className="pill ok"><CheckOutlined />抄过</span>}
            <Button size="small" tabIndex={-1} onClick={() => void copy(place)} aria-label={`复制${plainLabel(field.label)}`}>复制</Button>
          </li>
        ))}
      </ol>
      <p className="copy-told" role="status">{told}</p>
    </section>
  );
}
