// Who the person is: card photo beside live photo, the machine's remark as a remark, three equal choices, the number on demand.
import { EyeInvisibleOutlined, EyeOutlined, WarningOutlined } from "@ant-design/icons";
import { App as Kit, Button, Space } from "antd";
import { useEffect, useRef, useState, type KeyboardEvent } from "react";
import * as office from "../api/office";
import { say } from "../api/problem";
import type { Finding, Page } from "../api/types";
import { useOpenCase } from "../decision/case-context";
import { Cap } from "../keys/Cap";
import { useKey } from "../keys/keyboard";
import { clockOf } from "../session/clock-words";
import { officeNow } from "../session/clock";
import { Photo } from "./Photo";

const FINDINGS: readonly { finding: Finding; words: string }[] = [
  { finding: "same", words: "是同一人" },
  { finding: "not-same", words: "不是" },
  { finding: "in-person", words: "请到柜台当面核" },
];

/** A full number stays on the screen this long. */
const SHOWN_MS = 30_000;

export function PersonCard(): JSX.Element {
  const { id, detail, one, holding, write, busy } = useOpenCase();
  const { message } = Kit.useApp();
  const { person, applicant } = detail;
  const [number, setNumber] = useState<string | null>(null);
  const choices = useRef<HTMLDivElement>(null);

  useEffect(() => {
    if (number === null) return undefined;
    const timer = setTimeout(() => setNumber(null), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [number]);

  const toggleNumber = async (): Promise<void> => {
    if (number !== null) {
      setNumber(null);
      return;
    }
    try {
      setNumber((await office.fullNumber(id)).number);
    } catch (problem) {
      void message.error(`没有显示。${say(problem)}`);
    }
  };
  useKey("number", () => void toggleNumber());
  const can = holding === "mine";
  const at = (page: Page | null): string | null => (page === null ? null : office.pictureAddress(id, page.attachment));
  useKey("person", () => choices.current?.querySelector("button")?.focus(), can);

  const step = (event: KeyboardEvent): void => {
    const way = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (way === 0 || !choices.current) return;
    const buttons = [...choices.current.querySelectorAll("button")];
    const at = buttons.findIndex((button) => button === document.activeElement);
    buttons[(at + way + buttons.length) % buttons.length]?.focus();
    event.preventDefault();
  };

  return (
    <section className="person" aria-label="人像">
      <Photo address={at(person.card_photo)} words="证件相" none="没有读卡" />
      <Photo address={at(person.live_photo)} words={person.live_photo === null ? "现场相" : `现场相 · ${clockOf(one.received_at, officeNow())}`} none="没有留相" />
      <div className="person-facts">
        <p>
          <strong>人像比对</strong>
          <span className={`pill ${person.must_confirm ? (person.confirmed === null ? "today" : "other") : "ok"}`}>
            {person.must_confirm && person.confirmed === null && <WarningOutlined />}{person.remark}
          </span>
        </p>
        <p className="quiet">{person.identified_word}</p>
        <div className="person-choice">
          <Space.Compact>
            <div ref={choices} role="group" aria-label="人像判定" className="ant-space-compact" onKeyDown={step}>
              {FINDINGS.map(({ finding, words }) => {
                const chosen = person.confirmed?.finding === finding;
                return (
                  <Button key={finding} type={chosen ? "primary" : "default"} aria-pressed={chosen} disabled={!can || busy} onClick={() => void write(() => office.confirmPerson(id, one.claim_epoch, finding))}>
                    {words}
                  </Button>
                );
              })}
            </div>
          </Space.Compact>
          <Cap id="person" />
          {person.confirmed !== null && <span className="quiet">{person.confirmed.officer_name} {clockOf(person.confirmed.at, officeNow())}</span>}
        </div>
        <p className="person-number">
          {applicant.matter === "own" ? "身份证号" : `${applicant.name}的身份证号`} <span className="number">{number ?? applicant.number_masked}</span>
          <Button type="link" size="small" icon={number === null ? <EyeOutlined /> : <EyeInvisibleOutlined />} onClick={() => void toggleNumber()}>
            {number === null ? "显示全号（记入审计）" : "收起"} <Cap id="number" />
          </Button>
        </p>
      </div>
    </section>
  );
}
