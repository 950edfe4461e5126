// Setting up the second factor: scan, type the first code, keep the spare codes.
import { Alert, Button, Form, Input, type InputRef } from "antd";
import { useEffect, useRef, useState } from "react";
import * as account from "../api/account";
import { isKind, say } from "../api/problem";
import { Qr } from "./Qr";

export function FactorSetUp({ done, leave }: { done: () => void; leave?: () => void }): JSX.Element {
  const [begun, setBegun] = useState<{ secret: string; qr: string[] } | null>(null);
  const [codes, setCodes] = useState<string[] | null>(null);
  const [code, setCode] = useState("");
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const field = useRef<InputRef>(null);
  useEffect(() => {
    if (begun !== null) field.current?.focus();
  }, [begun]);

  const step = async (run: () => Promise<void>): Promise<void> => {
    if (busy) return;
    setBusy(true);
    setError(null);
    try {
      await run();
    } catch (problem) {
      setError(isKind(problem, "sign-in-refused") ? "动态码不对，或已经过了 30 秒。请填现在显示的那一个。" : `没有设成。${say(problem)}`);
    }
    setBusy(false);
  };

  if (codes !== null) return <RecoveryCodes codes={codes} done={done} />;
  const trouble = error !== null && <Alert type="error" showIcon message={error} role="alert" />;
  if (begun === null) {
    return (
      <div className="factor">
        {trouble}
        <p>手机上装一个动态码程序，或用本局发的令牌。以后登录时，密码之外再填一个 6 位动态码。</p>
        <div className="acts">
          <Button type="primary" loading={busy} onClick={() => void step(async () => setBegun(await account.beginFactor()))}>开始设置</Button>
          {leave && <Button onClick={leave}>先不设</Button>}
        </div>
      </div>
    );
  }
  return (
    <Form layout="vertical" requiredMark={false} className="factor" onFinish={() => void step(async () => setCodes((await account.confirmFactor(code.trim())).codes))}>
      {trouble}
      <div className="factor-scan">
        <Qr rows={begun.qr} label="动态码程序扫的码" />
        <div>
          <p>用动态码程序扫这个码。</p>
          <p className="quiet">扫不了就手工输入这串字母和数字：</p>
          <p className="factor-secret">{begun.secret.replace(/(.{4})(?=.)/g, "$1 ")}</p>
        </div>
      </div>
      <Form.Item label="程序里显示的 6 位动态码" htmlFor="factor-code">
        <Input id="factor-code" ref={field} inputMode="numeric" autoComplete="one-time-code" maxLength={7} value={code} onChange={(event) => setCode(event.target.value)} />
      </Form.Item>
      <div className="acts">
        <Button type="primary" htmlType="submit" loading={busy} disabled={code.trim() === ""}>核对，设好 <kbd>Enter</kbd></Button>
        {leave && <Button onClick={leave}>先不设</Button>}
      </div>
    </Form>
  );
}

/** Shown once. */
export function RecoveryCodes({ codes, done }: { codes: string[]; done: () => void }): JSX.Element {
  return (
    <div className="factor">
      <div className="note ok">第二步验证已设好。下面的备用码只显示这一次，请抄下来锁好。</div>
      <p>手机不在身边时，用一个备用码代替动态码。每个只能用一次。</p>
      <ol className="recovery" aria-label="备用码">{codes.map((code) => <li key={code}>{code}</li>)}</ol>
      <Button type="primary" autoFocus onClick={done}>抄好了</Button>
    </div>
  );
}
