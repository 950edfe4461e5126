// One's own access: passkeys, the second factor, open sessions, the password. Every change asks for a fresh proof.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Alert, App as Kit, Button, Input, Modal, Popconfirm, Spin } from "antd";
import { useState, type ReactNode } from "react";
import * as account from "../api/account";
import { say } from "../api/problem";
import { KeyLayer, useKey } from "../keys/keyboard";
import { clockOf } from "../session/clock-words";
import { NewPassword } from "../session/NewPassword";
import { passkeysHere } from "../session/passkey";
import { useSession } from "../session/session";
import { passkeyTrouble, useWays } from "../session/Ways";
import { FactorSetUp, RecoveryCodes } from "./FactorSetUp";
import { firstName, WAY } from "./words";
import "./account.css";

const LONGEST_NAME = 40;
type Dialog = { kind: "factor" } | { kind: "codes"; codes: string[] } | { kind: "password" } | { kind: "name"; key: account.Passkey } | null;

export function AccountPage(): JSX.Element {
  const { me, enter } = useSession();
  const { message } = Kit.useApp();
  const client = useQueryClient();
  const ways = useWays();
  const told = useQuery({ queryKey: ["account"], queryFn: ({ signal }) => account.account(signal) });
  const [dialog, setDialog] = useState<Dialog>(null);
  const [busy, setBusy] = useState(false);
  const again = (): void => void client.invalidateQueries({ queryKey: ["account"] });
  const close = (): void => {
    setDialog(null);
    again();
  };

  /** One act; what went wrong is said, and the list is asked again. */
  const act = async (run: () => Promise<void>, done: string, trouble: (problem: unknown) => string = say): Promise<void> => {
    if (busy) return;
    setBusy(true);
    try {
      await run();
      if (done !== "") void message.success(done);
    } catch (problem) {
      void message.warning(trouble(problem));
    }
    setBusy(false);
    again();
  };

  const mine = told.data;
  const here = ways !== null && passkeysHere(ways.passkey_origin);
  return (
    <main className="page account">
      <header className="page-head"><h1>我的登录</h1><span className="quiet">{me.name} · {me.id}</span></header>
      {told.isError && <Alert type="error" showIcon className="page-note" message={`没有取到。${say(told.error)}`} action={<Button onClick={again}>再试一次</Button>} />}
      {mine === undefined ? (
        !told.isError && <div className="page-wait"><Spin /></div>
      ) : (
        <div className="account-parts" tabIndex={0} role="region" aria-label="我的登录，可用方向键移动">
          <Part title="通行密钥" words="最快，也最安全：按指纹、输电脑的解锁码或插密钥，不用记密码。">
            {mine.passkeys.length === 0 ? <p className="quiet">还没有。登记以后，登录页第一个按钮就能用。</p> : (
              <ul className="account-list" aria-label="通行密钥">
                {mine.passkeys.map((key) => (
                  <li key={key.id}>
                    <span><strong>{key.name}</strong>{key.locked && <span className="pill bad">已停用：可能被复制</span>}
                      <span className="quiet">登记 {clockOf(key.added_at, Date.parse(mine.now))} · {key.used_at === null ? "还没有用过" : `上次用 ${clockOf(key.used_at, Date.parse(mine.now))}`}</span></span>
                    <Button size="small" onClick={() => setDialog({ kind: "name", key })}>改名</Button>
                    <Popconfirm title={`删掉“${key.name}”？以后不能再用它登录。`} okText="删掉" cancelText="留着" onConfirm={() => void act(() => account.removePasskey(key.id), "已删掉。")}>
                      <Button size="small" danger>删掉</Button>
                    </Popconfirm>
                  </li>
                ))}
              </ul>
            )}
            {here ? (
              <Button type="primary" disabled={busy} onClick={() => void act(async () => void (await account.addPasskey(firstName(navigator.userAgent))), "通行密钥已登记。", passkeyTrouble)}>登记一把通行密钥</Button>
            ) : (
              ways !== null && <p className="quiet">{ways.passkey_origin === null ? "本局还没有开通通行密钥。" : <>通行密钥在 <a href={ways.passkey_origin}>{ways.passkey_origin}</a> 才能登记。</>}</p>
            )}
          </Part>

          <Part title="第二步验证" words="用密码登录时，再填一个动态码。">
            {mine.second_factor.on ? (
              <>
                <p><span className="pill ok">已设好</span> {mine.second_factor.since !== null && <>自 {clockOf(mine.second_factor.since, Date.parse(mine.now))}</>} · 备用码还剩 {mine.second_factor.recovery_left} 个</p>
                <div className="acts">
                  <Button disabled={busy} onClick={() => void act(async () => setDialog({ kind: "codes", codes: (await account.renewRecovery()).codes }), "")}>换一批备用码</Button>
                  <Popconfirm title="停用第二步验证？以后用密码登录不再填动态码。" okText="停用" cancelText="留着" onConfirm={() => void act(account.removeFactor, "已停用。")}>
                    <Button danger disabled={busy}>停用</Button>
                  </Popconfirm>
                </div>
              </>
            ) : (
              <>
                <p>{mine.second_factor.required ? "本局要求用密码登录的人都设。" : "还没有设。"}</p>
                <Button type={mine.second_factor.required ? "primary" : "default"} onClick={() => setDialog({ kind: "factor" })}>设第二步验证</Button>
              </>
            )}
          </Part>

          <Part title="现在的登录" words="不是您的，或不用了的，可以在这里结束。">
            <ul className="account-list" aria-label="现在的登录">
              {mine.sessions.map((session) => (
                <li key={session.id}>
                  <span><strong>{WAY[session.by]}</strong>{session.own && <span className="pill mine">这一处</span>}
                    <span className="quiet">{clockOf(session.begun, Date.parse(mine.now))} 登录{session.address === null ? "" : `，从 ${session.address}`} · 上次有动作 {clockOf(session.seen, Date.parse(mine.now))}</span></span>
                  {!session.own && <Button size="small" disabled={busy} onClick={() => void act(() => account.endSession(session.id), "那一处已结束。")}>结束</Button>}
                </li>
              ))}
            </ul>
          </Part>

          <Part title="密码" words="通行密钥用不了的时候用。">
            {mine.password_set_at !== null && <p>{clockOf(mine.password_set_at, Date.parse(mine.now))} 设的。</p>}
            <Button onClick={() => setDialog({ kind: "password" })}>换密码</Button>
            {mine.provider && <p className="quiet">您也可以用本局的统一身份认证登录。</p>}
          </Part>
        </div>
      )}
      {dialog !== null && (
        <Modal getContainer="#dialogs" open centered width={480} className="dialog" footer={null} keyboard={false} maskClosable={false} onCancel={close} title={TITLES[dialog.kind]}>
          <KeyLayer>
            <Leave close={close} />
            <div className="dialog-main">
              {dialog.kind === "factor" && <FactorSetUp done={close} leave={close} />}
              {dialog.kind === "codes" && <RecoveryCodes codes={dialog.codes} done={close} />}
              {dialog.kind === "password" && <NewPassword me={me} done={(next) => { enter(next); void message.success("密码已换。"); close(); }} />}
              {dialog.kind === "name" && <Naming one={dialog.key} take={(name) => { setDialog(null); void act(() => account.namePasskey(dialog.key.id, name), "名字已改。"); }} />}
            </div>
          </KeyLayer>
        </Modal>
      )}
    </main>
  );
}

const TITLES = { factor: "设第二步验证", codes: "新的备用码", password: "换密码", name: "给通行密钥改名" } as const;

function Leave({ close }: { close: () => void }): null {
  useKey("leave", close);
  return null;
}

function Part({ title, words, children }: { title: string; words: string; children: ReactNode }): JSX.Element {
  return (
    <section className="account-part" aria-label={title}>
      <h2>{title}</h2>
      <p className="quiet">{words}</p>
      {children}
    </section>
  );
}

function Naming({ one, take }: { one: account.Passkey; take: (name: string) => void }): JSX.Element {
  const [name, setName] = useState(one.name);
  const right = name.trim() !== "";
  return (
    <>
      <label className="block" htmlFor="passkey-name">名字 <span className="quiet">写得出是哪一台、哪一把</span></label>
      <Input id="passkey-name" autoFocus maxLength={LONGEST_NAME} value={name} onFocus={(event) => event.target.select()} onChange={(event) => setName(event.target.value)} onPressEnter={() => right && take(name.trim())} />
      <div className="acts"><Button type="primary" disabled={!right} onClick={() => take(name.trim())}>记住 <kbd>Enter</kbd></Button></div>
    </>
  );
}
