// Before and around the workbench: asks who is there, lets in, and after a session's end asks again without touching the page below.
import { useQueryClient } from "@tanstack/react-query";
import { Button, Modal, Spin } from "antd";
import { useCallback, useEffect, useMemo, useState, type ReactNode } from "react";
import { whenSessionEnds } from "../api/http";
import * as office from "../api/office";
import { Problem, say } from "../api/problem";
import type { Me } from "../api/types";
import { drafts } from "../decision/drafts";
import { KeyLayer } from "../keys/keyboard";
import { Mark } from "../shell/Mark";
import { Workbench } from "../shell/Workbench";
import { setOfficeClock } from "./clock";
import { NewPassword } from "./NewPassword";
import { Prove } from "./Prove";
import { SessionContext, type Session } from "./session";
import { SignIn } from "./SignIn";
import { SetUp } from "../account/SetUp";
import "./session.css";

/** Nobody signed in: what is on the screen below is covered. */
const COVER = { background: "#12294F" };

/** Why the office ended a session before its time. */
const ENDED: Record<string, string> = {
  displaced: "您在别处又登录了，超过了允许的个数，最早的这一处先结束。如果不是您本人，请马上换密码。",
  "by-you": "您在另一处结束了这次登录。",
  locked: "管理员停用了您的账号。请找管理员。",
  "credential-changed": "您的密码或第二步验证刚换过，别处的登录都结束了。",
};

type Knock = "asking" | "out" | "failed" | Me;

function Plate({ title, children }: { title: string; children: ReactNode }): JSX.Element {
  return (
    <main className="plate">
      <div className="plate-card">
        <h1><Mark /> 一门 <span className="quiet">受理台</span></h1>
        <h2>{title}</h2>
        {children}
      </div>
    </main>
  );
}

export function Door(): JSX.Element {
  const client = useQueryClient();
  const [knock, setKnock] = useState<Knock>("asking");
  const [trouble, setTrouble] = useState("");
  const [ended, setEnded] = useState(false);
  const [why, setWhy] = useState<string | null>(null);

  const ask = useCallback(async (): Promise<void> => {
    setKnock("asking");
    try {
      enter(await office.me());
    } catch (problem) {
      if (problem instanceof Problem && problem.status === 401) setKnock("out");
      else {
        setTrouble(say(problem));
        setKnock("failed");
      }
    }
  }, []);

  const enter = (me: Me): void => {
    setOfficeClock(me.now);
    setKnock(me);
  };

  useEffect(() => {
    whenSessionEnds((told) => {
      setWhy(told);
      setEnded(true);
    });
    void ask();
  }, [ask]);

  const me = typeof knock === "string" ? null : knock;
  const session = useMemo<Session | null>(
    () =>
      me && {
        me,
        ended,
        enter: setKnock,
        leave: () => {
          void office.signOut().catch(() => undefined).finally(() => {
            drafts.clearAll();
            client.clear();
            setEnded(false);
            setKnock("out");
          });
        },
      },
    [me, ended, client],
  );

  const again = (next: Me): void => {
    setEnded(false);
    if (me && next.id !== me.id) {
      drafts.clearAll();
      client.clear();
    } else {
      void client.invalidateQueries();
    }
    enter(next);
  };

  if (knock === "asking") return <Plate title="正在连接"><Spin /></Plate>;
  if (knock === "failed") {
    return (
      <Plate title="还没有连上">
        <p>{trouble}您没有丢失任何内容。</p>
        <Button type="primary" size="large" block autoFocus onClick={() => void ask()}>再试一次 <kbd>Enter</kbd></Button>
      </Plate>
    );
  }
  if (knock === "out" || session === null || me === null) return <Plate title="登录"><SignIn action="登录" done={enter} /></Plate>;
  if (me.must_change_password) return <Plate title="换密码"><NewPassword me={me} done={enter} /></Plate>;
  if (me.must_set_second_factor) return <Plate title="先设第二步验证"><SetUp me={me} done={() => void ask()} /></Plate>;
  return (
    <SessionContext.Provider value={session}>
      <Workbench key={me.id} />
      <Prove />
      <Modal getContainer="#dialogs" styles={{ mask: COVER }} open={ended} title="登录已到期" footer={null} closable={false} keyboard={false} maskClosable={false} width={420} zIndex={2000} centered destroyOnHidden>
        <KeyLayer over={9}>
          <p className="ended-words">{(why !== null && ENDED[why]) || ""}您写的内容都还在这一页。再登录一次，就回到原处。</p>
          <SignIn officer={me.id} action="继续工作" done={again} />
          <Button type="link" block onClick={() => session.leave()}>换人登录（这一页没写完的会清掉）</Button>
        </KeyLayer>
      </Modal>
    </SessionContext.Provider>
  );
}
