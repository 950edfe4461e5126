// The ways to prove who one is, beside a password: asked of the office once, and the button for a passkey.
import { Button } from "antd";
import { useEffect, useState } from "react";
import * as account from "../api/account";
import { isKind, say } from "../api/problem";
import { NoPasskey, passkeysHere } from "./passkey";

/** How one may sign in here; null until it is known. A page that cannot ask offers the password alone. */
export function useWays(): account.Ways | null {
  const [ways, setWays] = useState<account.Ways | null>(null);
  useEffect(() => {
    let gone = false;
    account.ways().then(
      (told) => !gone && setWays(told),
      () => !gone && setWays({ passkey_origin: null, provider: null, demo: false }),
    );
    return () => {
      gone = true;
    };
  }, []);
  return ways;
}

/** Why a passkey did not lead in, in words. */
export function passkeyTrouble(problem: unknown): string {
  if (problem instanceof NoPasskey) return "没有用成通行密钥。可以再试一次，也可以用密码。";
  if (isKind(problem, "passkey-locked")) return "这把通行密钥可能被人复制过，已停用。请用密码登录，并告诉管理员。";
  if (isKind(problem, "officer-locked")) return "您的账号已被管理员停用。请找管理员。";
  if (isKind(problem, "sign-in-refused")) return "这把通行密钥在这里不能用。请用密码登录。";
  return `没有登录成。${say(problem)}`;
}

interface Props {
  label: string;
  /** Gets the answer, or the words of what went wrong. */
  run: () => Promise<void>;
  told: (trouble: string | null) => void;
  ways: account.Ways | null;
  first?: boolean;
}

/** The button; where passkeys do not work, a word about where they do. */
export function PasskeyButton({ label, run, told, ways, first = true }: Props): JSX.Element | null {
  const [busy, setBusy] = useState(false);
  if (ways === null || ways.passkey_origin === null) return null;
  if (!passkeysHere(ways.passkey_origin)) {
    return <p className="quiet">通行密钥在 <a href={ways.passkey_origin}>{ways.passkey_origin}</a> 才能用。</p>;
  }
  const press = async (): Promise<void> => {
    setBusy(true);
    told(null);
    try {
      await run();
    } catch (problem) {
      told(passkeyTrouble(problem));
    }
    setBusy(false);
  };
  return <Button type={first ? "primary" : "default"} size="large" block loading={busy} onClick={() => void press()}>{label}</Button>;
}
