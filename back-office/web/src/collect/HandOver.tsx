// How something leaves the desk: handed over after the identity was checked and it was signed for, or posted with its number.
import { useQueryClient } from "@tanstack/react-query";
import { App as Kit, Checkbox, Input, Radio, type CheckboxRef } from "antd";
import { useEffect, useRef, useState } from "react";
import * as counter from "../api/counter";
import type { Collection } from "../api/counter-types";
import { say } from "../api/problem";
import { useKey } from "../keys/keyboard";
import { DeskDialog } from "./DeskDialog";
import { lackToHandOver } from "./words";

interface Props {
  row: Collection;
  close: () => void;
}

interface Leaving {
  busy: boolean;
  refused: string | null;
  send: (job: () => Promise<Collection>) => Promise<void>;
}

function useLeaving(close: () => void, done: string): Leaving {
  const client = useQueryClient();
  const { message } = Kit.useApp();
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState<string | null>(null);
  const send = async (job: () => Promise<Collection>): Promise<void> => {
    setBusy(true);
    try {
      await job();
      void message.success(done);
      close();
    } catch (problem) {
      setRefused(`没有记下，您填的都还在。${say(problem)}`);
      setBusy(false);
    }
    void client.invalidateQueries({ queryKey: ["collections"] });
  };
  return { busy, refused, send };
}

export function HandOverDialog({ row, close }: Props): JSX.Element {
  const [checked, setChecked] = useState(false);
  const [by, setBy] = useState<"own" | "proxy">("own");
  const [note, setNote] = useState("");
  const first = useRef<CheckboxRef>(null);
  const { busy, refused, send } = useLeaving(close, "已领走，记下了。");
  const lack = lackToHandOver(checked, by, note);
  useEffect(() => first.current?.focus(), []);
  return (
    <DeskDialog title={`领走 · ${row.title}`} close={close} foot={lack ?? "请领取人在领取登记上签字后再按。"} send={{ label: "已签收，交出", ready: lack === null, busy, run: () => void send(() => counter.collected(row.id, by, note.trim())) }}>
      <Numbers setBy={setBy} toggle={() => setChecked(!checked)} />
      <p>编号 <strong>{row.number}</strong>，申请人尾号 <strong>{row.last_four}</strong></p>
      <h3 id="who-collects">谁来领 <span className="quiet">按 1、2 选</span></h3>
      <Radio.Group className="radios" aria-labelledby="who-collects" value={by} onChange={(event) => setBy(event.target.value === "proxy" ? "proxy" : "own")}>
        <Radio value="own"><kbd aria-hidden="true">1</kbd> 本人</Radio>
        <Radio value="proxy"><kbd aria-hidden="true">2</kbd> 代领，有委托书</Radio>
      </Radio.Group>
      {by === "proxy" && (
        <>
          <label className="block" htmlFor="proxy-note">代领人和委托书 <span className="quiet">加密保存</span></label>
          <Input id="proxy-note" maxLength={200} value={note} onChange={(event) => setNote(event.target.value)} placeholder="例如：配偶，凭 11 月 20 日委托书和双方身份证" />
        </>
      )}
      <p className="hand-check"><Checkbox ref={first} checked={checked} onChange={(event) => setChecked(event.target.checked)}><kbd aria-hidden="true">3</kbd> {by === "own" ? "已看身份证，与本人一致" : "已看代领人身份证和委托书"}</Checkbox></p>
      {refused !== null && <div className="note bad" role="alert">{refused}</div>}
    </DeskDialog>
  );
}

/** The digits of the dialog: who collects, and the check. */
function Numbers({ setBy, toggle }: { setBy: (by: "own" | "proxy") => void; toggle: () => void }): null {
  useKey("item", (digit) => {
    if (digit === "1") setBy("own");
    if (digit === "2") setBy("proxy");
    if (digit === "3") toggle();
  });
  return null;
}

export function PostDialog({ row, close }: Props): JSX.Element {
  const [tracking, setTracking] = useState("");
  const { busy, refused, send } = useLeaving(close, "已寄出，记下了。");
  return (
    <DeskDialog title={`邮寄 · ${row.title}`} close={close} foot="当事人凭运单号查到哪里了。" send={{ label: "已交邮，记下", ready: tracking.trim() !== "", busy, run: () => void send(() => counter.posted(row.id, tracking.trim())) }}>
      <p>编号 <strong>{row.number}</strong>，申请人尾号 <strong>{row.last_four}</strong></p>
      <label className="block" htmlFor="tracking">运单号 <span className="quiet">可以扫码</span></label>
      <Input id="tracking" autoFocus maxLength={40} value={tracking} onChange={(event) => setTracking(event.target.value)} />
      {refused !== null && <div className="note bad" role="alert">{refused}</div>}
    </DeskDialog>
  );
}
