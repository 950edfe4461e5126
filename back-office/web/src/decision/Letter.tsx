// Exactly what the resident will read, as the office writes it, and what the office finds about the wording and the dates.
import { CheckCircleFilled, CloseCircleFilled, WarningFilled } from "@ant-design/icons";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Button, Skeleton } from "antd";
import { useEffect, useState } from "react";
import * as office from "../api/office";
import { say } from "../api/problem";
import type { Decision } from "../api/types";
import { useOpenCase } from "./case-context";

const PAUSE_MS = 300;
const COUNT = ["一", "二", "三", "四", "五", "六", "七", "八", "九", "十"];
const ICON = { ok: <CheckCircleFilled />, warn: <WarningFilled />, bad: <CloseCircleFilled /> };

/** `decision` null: not enough is written yet. */
export function Letter({ decision, empty }: { decision: Decision | null; empty: string }): JSX.Element {
  const { id } = useOpenCase();
  const [settled, setSettled] = useState(decision);
  const written = JSON.stringify(decision);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(JSON.parse(written) as Decision | null), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [written]);
  const asked = useQuery({
    queryKey: ["preview", id, settled],
    queryFn: () => office.preview(id, settled as Decision),
    enabled: settled !== null,
    placeholderData: keepPreviousData,
  });
  const letter = decision === null ? undefined : asked.data;
  return (
    <>
      <h3>群众看到的 <span className="quiet">回执与短信同文</span></h3>
      {asked.isError && decision !== null && (
        <div className="note warn"><span className="grow">预览没有取到，您写的都还在。{say(asked.error)}</span><Button size="small" onClick={() => void asked.refetch()}>再试</Button></div>
      )}
      {decision === null && <div className="letter quiet">{empty}</div>}
      {decision !== null && letter === undefined && !asked.isError && <div className="letter"><Skeleton active={false} /></div>}
      {letter && (
        <>
          <article className="letter" aria-live="polite">
            <h4>{letter.title}</h4>
            <p className="quiet">{letter.lead}</p>
            {letter.items.map((item, at) => (
              <div key={`${item.heading} ${at}`} className="letter-item">
                <p><strong>{letter.items.length > 1 && `${COUNT[at] ?? at + 1}、`}{item.heading}</strong></p>
                <p>{item.text}</p>
              </div>
            ))}
            <div className="letter-end">{letter.closing.map((line) => <p key={line}>{line}</p>)}</div>
            <p className="signature">{letter.signature}</p>
          </article>
          <ul className="findings" aria-label="预检">
            {letter.findings.map((finding) => <li key={finding.text} className={finding.level}>{ICON[finding.level]}<span>{finding.text}</span></li>)}
          </ul>
        </>
      )}
    </>
  );
}
