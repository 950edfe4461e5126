// "Prove again": a small dialog over the page when the office asks for a fresh proof. What was sent waits below, and goes on
// when the proof is given; broken off, it is not done, and everything written stays.
import { Alert, Button, Form, Input, Modal, type InputRef } from "antd";
import { useEffect, useRef, useState } from "react";
import * as account from "../api/account";
import { whenProofNeeded } from "../api/http";
import { isKind, say } from "../api/problem";
import { KeyLayer, useKey } from "../keys/keyboard";
import { PasskeyButton, useWays } from "./Ways";
import { useWait } from "./useWait";

/** Those who wait for one proof. */
type Waiting = (proven: boolean) => void;

export function Prove(): JSX.Element {
  const [open, setOpen] = useState(false);
  const waiting = useRef<Waiting[]>([]);
  useEffect(() => {
    whenProofNeeded(
      () =>
        new Promise((hear) => {
          waiting.current.push(hear);
          setOpen(true);
        }),
    );
    return () => whenProofNeeded(() => Promise.resolve(false));
  }, []);
  const end = (proven: boolean): void => {
    setOpen(false);
    waiting.current.splice(0).forEach((hear) => hear(proven));
  };
  return (
    <Modal getContainer="#dialogs" open={open} title="再证明一次是您本人" footer={null} keyboard={false} maskClosable={false} width={420} zIndex={1900} centered destroyOnHidden onCancel={() => end(false)}>
      <KeyLayer over={8}><Inside end={end} /></KeyLayer>
    </Modal>
  );
}

function Inside({ end }: { end: (proven: boolean) => void }): JSX.Element {
  const [password, setPassword] = useState("");
  const [code, setCode] = useState("");
  const [busy, setBusy] = useState(false);
  const [wait, setWait] = useWait();
  const [error, setError] = useState<string | null>(null);
  const field = useRef<InputRef>(null);
  const ways = useWays();
  useKey("leave", () => end(false));
  useEffect(() => field.current?.focus(), []);
  const send = async (): Promise<void> => {
    if (busy || wait > 0) return;
    if (password === "") {
      setError("请填密码。");
      return;
    }
    setBusy(true);
    setError(null);
    try {
      await account.proveByPassword(password, code.trim());
      end(true);
    } catch (problem) {
      setPassword("");
      setCode("");
      setError(isKind(problem, "sign-in-refused") ? "密码或动态码不对。" : `没有证明成。${say(problem)}`);
      setWait(isKind(problem, "sign-in-refused") ? Math.ceil(problem.number("wait_seconds") ?? 0) : 0);
      setBusy(false);
      field.current?.focus();
    }
  };
  return (
    <div className="sign-in">
      <p>您写的都还在。证明以后，刚才这一步会接着办。</p>
      {error !== null && <Alert type="error" showIcon message={error} description={wait > 0 ? `请过 ${wait} 秒再试。` : undefined} role="alert" />}
      <PasskeyButton label="用通行密钥" ways={ways} told={setError} run={async () => { await account.proveByPasskey(); end(true); }} />
      {ways !== null && ways.passkey_origin !== null && <p className="sign-in-or"><span>或用密码</span></p>}
      <Form layout="vertical" requiredMark={false} onFinish={() => void send()}>
        <Form.Item label="密码" htmlFor="prove-password">
          <Input.Password id="prove-password" ref={field} size="large" autoComplete="current-password" value={password} onChange={(event) => setPassword(event.target.value)} />
        </Form.Item>
        <Form.Item label={<>动态码<span className="quiet sign-in-aside">设过第二步验证才填</span></>} htmlFor="prove-code">
          <Input id="prove-code" size="large" autoComplete="one-time-code" maxLength={24} value={code} onChange={(event) => setCode(event.target.value)} />
        </Form.Item>
        <div className="prove-acts">
          <Button size="large" onClick={() => end(false)}>先不办 <kbd>Esc</kbd></Button>
          <Button size="large" type="primary" htmlType="submit" loading={busy} disabled={wait > 0}>{wait > 0 ? `${wait} 秒后可再试` : <>证明，接着办 <kbd>Enter</kbd></>}</Button>
        </div>
      </Form>
    </div>
  );
}
