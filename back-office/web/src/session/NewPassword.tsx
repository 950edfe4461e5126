// Choosing a password: the one-time password is changed before anything else, later any time.
import { Alert, Button, Form, Input } from "antd";
import { useState } from "react";
import * as office from "../api/office";
import { Problem, say } from "../api/problem";
import type { Me } from "../api/types";

const SHORTEST = 10;

/** What still speaks against a new password, in words; null when nothing does. */
export function objection(old: string, fresh: string, again: string, oneTime = true): string | null {
  if (old === "") return oneTime ? "请填现在的密码，就是拿到的一次性密码。" : "请填现在的密码。";
  if (fresh.length < SHORTEST) return `新密码至少 ${SHORTEST} 位。一句好记的话就可以。`;
  if (fresh === old) return oneTime ? "新密码要和一次性密码不同。" : "新密码要和现在的不同。";
  if (fresh !== again) return "两次填的新密码不一样。";
  return null;
}

export function NewPassword({ me, done }: { me: Me; done: (me: Me) => void }): JSX.Element {
  const [old, setOld] = useState("");
  const [fresh, setFresh] = useState("");
  const [again, setAgain] = useState("");
  const [code, setCode] = useState("");
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);

  const coded = me.by === "password-and-code";
  const send = async (): Promise<void> => {
    const against = objection(old, fresh, again, me.must_change_password);
    setError(against);
    if (against !== null || busy) return;
    setBusy(true);
    try {
      done(await office.changePassword(old, fresh, code.trim()));
    } catch (problem) {
      const told = problem instanceof Problem && problem.kind === "weak-password" ? (problem.detail ?? "") : "";
      setError(`密码没有改，还是原来的。${told !== "" ? told : problem instanceof Problem && problem.status === 401 ? coded ? "现在的密码或动态码不对。" : "现在的密码不对。" : say(problem)}`);
      setCode("");
      setBusy(false);
    }
  };

  return (
    <Form layout="vertical" requiredMark={false} onFinish={() => void send()} className="sign-in">
      <p>{me.must_change_password ? `${me.name}，您用的是一次性密码。换成自己的密码后就可以开始。` : "换好以后，您在别处的登录都会结束。"}</p>
      {error !== null && <Alert type="error" showIcon message={error} role="alert" />}
      <Form.Item label="现在的密码" htmlFor="password-old">
        <Input.Password id="password-old" size="large" autoFocus autoComplete="current-password" value={old} onChange={(event) => setOld(event.target.value)} />
      </Form.Item>
      {coded && (
        <Form.Item label="动态码" htmlFor="password-code">
          <Input id="password-code" size="large" autoComplete="one-time-code" maxLength={24} value={code} onChange={(event) => setCode(event.target.value)} />
        </Form.Item>
      )}
      <Form.Item label={`新密码，至少 ${SHORTEST} 位`} htmlFor="password-new">
        <Input.Password id="password-new" size="large" autoComplete="new-password" value={fresh} onChange={(event) => setFresh(event.target.value)} />
      </Form.Item>
      <Form.Item label="新密码，再填一次" htmlFor="password-again">
        <Input.Password id="password-again" size="large" autoComplete="new-password" value={again} onChange={(event) => setAgain(event.target.value)} />
      </Form.Item>
      <Button type="primary" size="large" block htmlType="submit" loading={busy}>{me.must_change_password ? "换好，进入受理台" : "换好"} <kbd>Enter</kbd></Button>
    </Form>
  );
}
