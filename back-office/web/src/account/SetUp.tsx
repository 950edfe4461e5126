// Before the workbench, where the bureau asks for more than a password: a second factor, or a passkey.
import { Alert } from "antd";
import { useState } from "react";
import * as account from "../api/account";
import type { Me } from "../api/types";
import { Prove } from "../session/Prove";
import { PasskeyButton, useWays } from "../session/Ways";
import { FactorSetUp } from "./FactorSetUp";
import { firstName } from "./words";
import "./account.css";

export function SetUp({ me, done }: { me: Me; done: () => void }): JSX.Element {
  const ways = useWays();
  const [error, setError] = useState<string | null>(null);
  const add = async (): Promise<void> => {
    await account.addPasskey(firstName(navigator.userAgent));
    done();
  };
  return (
    <>
      <p>{me.name}，本局要求密码之外再有一步。两种选一种，设好就可以开始。</p>
      {error !== null && <Alert type="error" showIcon message={error} role="alert" />}
      <PasskeyButton label="登记一把通行密钥" ways={ways} told={setError} run={add} />
      <p className="sign-in-or"><span>或设动态码</span></p>
      <FactorSetUp done={done} />
      <Prove />
    </>
  );
}
