// Signing in: a passkey first, below it id and password with a code where one is set, and the bureau's identity provider.
// The growing wait is said in words. Used as a page and as a dialog after the session ended.
import { Alert, Button, Form, Input, type InputRef } from "antd";
import { useEffect, useRef, useState } from "react";
import * as account from "../api/account";
import * as office from "../api/office";
import { isKind, say } from "../api/problem";
import type { Me } from "../api/types";
import { PasskeyButton, useWays } from "./Ways";
import { useWait } from "./useWait";

interface Props {
  officer?: string;
  action: string;
  done: (me: Me) => void;
}

/** What the identity provider's way back says in the address. */
function broughtBack(): string | null {
  const said = new URLSearchParams(location.search).get("provider");
  if (said === null) return null;
  history.replaceState(null, "", `${location.pathname}${location.hash}`);
  if (said === "locked") return "您的账号已被管理员停用。请找管理员。";
  return said === "unknown" ? "统一身份认证通过了，但这里没有登记您的账号。请找管理员。" : "统一身份认证没有完成。可以再试一次，也可以用密码。";
}

export function SignIn({ officer, action, done }: Props): JSX.Element {
  const [who, setWho] = useState(officer ?? "");
  const [password, setPassword] = useState("");
  const [code, setCode] = useState("");
  const [busy, setBusy] = useState(false);
  const [wait, setWait] = useWait();
  const [error, setError] = useState<string | null>(broughtBack);
  const ways = useWays();
  const first = useRef<InputRef>(null);
  const second = useRef<InputRef>(null);

  useEffect(() => (officer ? second : first).current?.focus(), [officer]);

  const send = async (): Promise<void> => {
    if (busy || wait > 0) return;
    if (who.trim() === "" || password === "") {
      setError("请填账号和密码。");
      return;
    }
    setBusy(true);
    setError(null);
    try {
      done(await office.signIn(who.trim(), password, code.trim()));
    } catch (problem) {
      setPassword("");
      setCode("");
      if (isKind(problem, "sign-in-refused")) {
        setError("账号或密码不对，或动态码不对。每个动态码只能用一次。忘了密码，请找管理员换一次性密码。");
        setWait(Math.ceil(problem.number("wait_seconds") ?? 0));
      } else if (isKind(problem, "officer-locked")) {
        setError("您的账号已被管理员停用。请找管理员。");
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
    <div className="sign-in">
      {error !== null && (
        <Alert type="error" showIcon message={error} description={wait > 0 ? `请过 ${wait} 秒再试。每错一次，等的时间会长一些。` : undefined} role="alert" />
      )}
      <PasskeyButton label="用通行密钥登录" ways={ways} told={setError} run={async () => done(await account.signInByPasskey())} />
      {ways !== null && ways.provider !== null && officer === undefined && (
        <Button size="large" block className="sign-in-provider" href={account.PROVIDER_PATH}>用{ways.provider}登录</Button>
      )}
      {ways !== null && (ways.passkey_origin !== null || ways.provider !== null) && <p className="sign-in-or"><span>或用密码</span></p>}
      <Form layout="vertical" requiredMark={false} onFinish={() => void send()}>
        <Form.Item label="账号" htmlFor="sign-in-officer">
          <Input id="sign-in-officer" ref={first} size="large" autoComplete="username" value={who} disabled={officer !== undefined} onChange={(event) => setWho(event.target.value)} />
        </Form.Item>
        <Form.Item label="密码" htmlFor="sign-in-password">
          <Input.Password id="sign-in-password" ref={second} size="large" autoComplete="current-password" value={password} onChange={(event) => setPassword(event.target.value)} />
        </Form.Item>
        <Form.Item label={<>动态码<span className="quiet sign-in-aside">设过第二步验证才填；也可填备用码</span></>} htmlFor="sign-in-code">
          <Input id="sign-in-code" size="large" autoComplete="one-time-code" maxLength={24} value={code} onChange={(event) => setCode(event.target.value)} />
        </Form.Item>
        <Button size="large" block htmlType="submit" type={ways !== null && ways.passkey_origin === location.origin ? "default" : "primary"} loading={busy} disabled={wait > 0}>
          {wait > 0 ? `${wait} 秒后可再试` : action} {wait > 0 ? null : <kbd>Enter</kbd>}
        </Button>
      </Form>
    </div>
  );
}
