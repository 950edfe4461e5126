// The two ways of issuing. A credential: copy into the ministry's system, enter the number it gave. A certificate: one act.
import { Button, Input, type InputRef } from "antd";
import { useRef, useState } from "react";
import type { ToIssue } from "../api/counter-types";
import { useDraft } from "../decision/drafts";
import { Cap } from "../keys/Cap";
import { useKey } from "../keys/keyboard";
import { CopyAid } from "./CopyAid";

/** The office takes no longer number. */
const LONGEST = 40;

interface Props {
  row: ToIssue;
  busy: boolean;
  /** Gives why it was not done, or nothing. */
  issue: (number: string | null) => Promise<string | null>;
}

export function IssueCredential({ row, busy, issue }: Props): JSX.Element {
  const [number, setNumber] = useDraft(row.case_id, "number", "");
  const [refused, setRefused] = useState<string | null>(null);
  const field = useRef<InputRef>(null);
  const ready = number.trim() !== "" && !busy;
  const send = async (): Promise<void> => {
    const why = await issue(number.trim());
    setRefused(why);
    if (why === null) setNumber("");
  };
  useKey("enter-number", () => field.current?.focus());
  useKey("send", () => void send(), ready);
  return (
    <div className="issue-credential">
      <CopyAid caseId={row.case_id} />
      <section className="issue-number" aria-label="系统给的编号">
        <label className="block" htmlFor="ministry-number">业务系统给的编号 <Cap id="enter-number" /></label>
        <Input id="ministry-number" ref={field} maxLength={LONGEST} value={number} autoComplete="off" onChange={(event) => setNumber(event.target.value)} onPressEnter={(event) => { if (!event.ctrlKey && ready) void send(); }} />
        <p className="quiet">照着系统打一遍，或粘贴。编号加密保存，只有领取台看得到。</p>
        {refused !== null && <div className="note bad" role="alert">{refused}</div>}
        <Button type="primary" disabled={!ready} loading={busy} onClick={() => void send()}>发证，放到领取台 <Cap id="send" /></Button>
      </section>
    </div>
  );
}

export function IssueCertificate({ row, busy, issue }: Props): JSX.Element {
  const [refused, setRefused] = useState<string | null>(null);
  const send = async (): Promise<void> => setRefused(await issue(null));
  useKey("send", () => void send(), !busy);
  return (
    <div className="issue-certificate">
      <p>{row.title}由本局出具：系统编号、签章，生成可验真的证明。出具后不能改，只能作废重开。</p>
      {refused !== null && <div className="note bad" role="alert">{refused}</div>}
      <Button type="primary" loading={busy} onClick={() => void send()}>出具证明 <Cap id="send" /></Button>
    </div>
  );
}
