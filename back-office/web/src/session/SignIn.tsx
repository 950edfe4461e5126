// Signing in: officer id and password, the growing wait said in words. Used as a page and as a dialog after the session ended.
import { Alert, Button, Form, Input, type InputRef } from "antd";
import { useEffect, useRef, useState } from "react";
import * as office from "../api/office";
import { isKind, say } from "../api/problem";
import type { Me } from "../api/types";

interface Props {
  officer?: string;
  action: string;
  done: (me: Me) => void;
}

export function SignIn({ officer, action, done }: Props): JSX.Element {
  const [who, setWho] = useState(officer ?? "");
  const [password, setPassword] = useState("");
  const [busy, setBusy] = useState(false);
  const [wait, setWait] = useState(0);
  const [error, setError] = useState<string | null>(null);
  const first = useRef<InputRef>(null);
  const second = useRef<InputRef>(null);

  useEffect(() => (officer ? second : first).current?.focus(), [officer]);
  useEffect(() => {
    if (wait <= 0) return undefined;
    const timer = setTimeout(() => setWait(wait - 1), 1000);
    return () => clearTimeout(timer);
  }, [wait]);

  const send = async (): Promise<void> => {
    if (busy || wait > 0) return;
    if (who.trim() === "" || password === "") {
      setError("请填账号和密码。");
      return;
    }
    setBusy(true);
    setError(null);
    try {
      done(await office.signIn(who.trim(), password));
    } catch (problem) {
      setPassword("");
      if (isKind(problem, "sign-in-refused")) {
        setError("账号或密码不对。忘了密码，请找管理员换一次性密码。");
        setWait(Math.ceil(problem.number("wait_seconds") ?? 0));
      } else {
        setError(`没有登录成。${say(problem)}请稍后再试。`);
      }
      setBusy(false);
      second.current?.focus();
      return;
    }
    setBusy(false);
  };

  return (
    <Form layout="vertical" requiredMark={false} onFinish={() => void send()} className="sign-in">
      {error !== null && (
        <Alert type="error" showIcon message={error} description={wait > 0 ? `请过 ${wait} 秒再试。每错一次，等的时间会长一些。` : undefined} role="alert" />
      )}
      <Form.Item label="账号" htmlFor="sign-in-officer">
        <Input id="sign-in-officer" ref={first} size="large" autoComplete="username" value={who} disabled={officer !== undefined} onChange={(event) => setWho(event.target.value)} />
      </Form.Item>
      <Form.Item label="密码" htmlFor="sign-in-password">
        <Input.Password id="sign-in-password" ref={second} size="large" autoComplete="current-password" value={password} onChange={(event) => setPassword(event.target.value)} />
      </Form.Item>
      <Button type="primary" size="large" block htmlType="submit" loading={busy} disabled={wait > 0}>
        {wait > 0 ? `${wait} 秒后可再试` : action} {wait > 0 ? null : <kbd>Enter</kbd>}
      </Button>
    </Form>
  );
}
