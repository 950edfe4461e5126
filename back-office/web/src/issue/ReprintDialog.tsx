// A certificate is printed again only with a reason.
import { useQueryClient } from "@tanstack/react-query";
import { Input } from "antd";
import { useState } from "react";
import * as counter from "../api/counter";
import type { Collection } from "../api/counter-types";
import { say } from "../api/problem";
import { DeskDialog } from "../collect/DeskDialog";

interface Props {
  row: Collection;
  close: () => void;
  done: () => void;
}

export function ReprintDialog({ row, close, done }: Props): JSX.Element {
  const client = useQueryClient();
  const [reason, setReason] = useState("");
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState<string | null>(null);
  const send = async (): Promise<void> => {
    setBusy(true);
    try {
      await counter.reprint(row.id, reason.trim());
      void client.invalidateQueries({ queryKey: ["collections"] });
      done();
    } catch (problem) {
      setRefused(`没有补打，您写的还在。${say(problem)}`);
      setBusy(false);
    }
  };
  return (
    <DeskDialog title={`补打 · ${row.title}`} close={close} foot="谁在什么时候补打、为什么，都记入审计。" send={{ label: "补打", ready: reason.trim().length >= 2, busy, run: () => void send() }}>
      <p>打印过 {row.prints} 次，编号不变：{row.number}</p>
      <label className="block" htmlFor="reprint-reason">为什么补打</label>
      <Input.TextArea id="reprint-reason" autoFocus rows={2} maxLength={200} value={reason} onChange={(event) => setReason(event.target.value)} placeholder="例如：打印机卡纸，第一张作废" />
      {refused !== null && <div className="note bad" role="alert">{refused}</div>}
    </DeskDialog>
  );
}
