// The workbench: one screen of queue, papers and decision. Holds what is chosen; everything else lives in the panes.
import { useQueryClient } from "@tanstack/react-query";
import { App as Kit, Button } from "antd";
import { useCallback, useEffect, useState } from "react";
import * as office from "../api/office";
import * as openings from "../api/openings";
import { isKind, Problem, say } from "../api/problem";
import type { Case } from "../api/types";
import { CaseDesk } from "../decision/CaseDesk";
import { drafts } from "../decision/drafts";
import { Cap } from "../keys/Cap";
import { Help } from "../keys/Help";
import { useKey, useKeyboard } from "../keys/keyboard";
import { Chooser } from "../opening/Chooser";
import { OpeningDesk } from "../opening/OpeningDesk";
import { codeIn, printed } from "../queue/code";
import { EVERYTHING } from "../queue/Filters";
import { QueuePane } from "../queue/QueuePane";
import { isHeld } from "../queue/Row";
import { putCase, useQueue } from "../queue/useQueue";
import { officeNow, useWhenPassed } from "../session/clock";
import { may, useSession } from "../session/session";
import { usePresence } from "../session/usePresence";
import { BottomBar } from "./BottomBar";
import { TopBar } from "./TopBar";
import "./shell.css";

/** A search waits this long after the last letter. */
const SEARCH_MS = 200;

/** What stands before an opening's id in the address. */
const OPENING = "#opening/";

/** What was just done, for the empty place it leaves. */
interface Done {
  words: string;
  next: string;
}

export function Workbench(): JSX.Element {
  const { me, ended } = useSession();
  const client = useQueryClient();
  const { message } = Kit.useApp();
  const [wish, setWish] = useState(EVERYTHING);
  const [text, setText] = useState("");
  const [cursor, setCursor] = useState<string | null>(null);
  const [openId, setOpenId] = useState<string | null>(() => (location.hash.startsWith(OPENING) ? null : decodeURIComponent(location.hash.slice(1)) || null));
  const [openingId, setOpeningId] = useState<string | null>(() => (location.hash.startsWith(OPENING) ? decodeURIComponent(location.hash.slice(OPENING.length)) : null));
  const [choosing, setChoosing] = useState(false);
  // What a code led to; an ended case stands in no list, and its title is said all the same.
  const [found, setFound] = useState<Case | null>(null);
  const [help, setHelp] = useState(false);
  const [done, setDone] = useState<Done | null>(null);
  const takesIn = may(me, "intake");
  const { list, shown, shownAt, line } = useQueue(wish, !ended);

  const open = useCallback((id: string): void => {
    setCursor(id);
    setOpenId(id);
    setOpeningId(null);
    setDone(null);
  }, []);

  const openOpening = useCallback((id: string): void => {
    setChoosing(false);
    setOpenId(null);
    setOpeningId(id);
    setDone(null);
  }, []);

  useEffect(() => {
    const hash = openingId !== null ? `${OPENING}${encodeURIComponent(openingId)}` : openId !== null ? `#${encodeURIComponent(openId)}` : location.pathname;
    history.replaceState(null, "", hash);
  }, [openId, openingId]);

  useEffect(() => {
    const timer = setTimeout(() => setWish((old) => (old.q === text.trim() ? old : { ...old, q: text.trim() })), SEARCH_MS);
    return () => clearTimeout(timer);
  }, [text]);

  useEffect(() => {
    const hold = (event: BeforeUnloadEvent): void => {
      if (drafts.any()) event.preventDefault();
    };
    window.addEventListener("beforeunload", hold);
    return () => window.removeEventListener("beforeunload", hold);
  }, []);

  /** A code that is no case may be that of a half-done visit: one scan hands it over. */
  const byCode = async (code: string): Promise<void> => {
    try {
      if (!takesIn) throw new Problem(404, "unknown-code", null);
      const opening = await openings.byCode(code);
      setText("");
      openOpening(opening.id);
    } catch (problem) {
      const known = isKind(problem, "already-a-case") ? problem.text("case") : null;
      if (known !== null) open(known);
      else if (isKind(problem, "unknown-code")) void message.info(problem.detail ?? `没有找到 ${printed(code)}。它可能还在路上，或归别的单位办。`);
      else if (isKind(problem, "in-other-hands")) void message.warning(say(problem));
      else throw problem;
    }
  };

  /** Opens the case of a code, typed or scanned; other text only narrows the list. */
  const find = async (typed: string): Promise<void> => {
    const code = codeIn(typed);
    if (code === null) {
      document.querySelector<HTMLElement>(".rows")?.focus();
      return;
    }
    try {
      const { cases } = await office.queue({ ...EVERYTHING, q: code, closed: true });
      const hit = cases.find((one) => codeIn(one.code ?? "") === code) ?? (cases.length === 1 ? cases[0] : undefined);
      if (hit) {
        setFound(hit);
        setText("");
        open(hit.id);
      } else {
        await byCode(code);
      }
    } catch (problem) {
      void message.error(`没有查成。${say(problem)}`);
    }
  };

  const claim = async (id: string | null): Promise<void> => {
    if (id === null) return;
    try {
      putCase(client, await office.claim(id));
      await client.invalidateQueries({ queryKey: ["case", id] });
      open(id);
    } catch (problem) {
      void message.warning(say(problem));
    }
    void client.invalidateQueries({ queryKey: ["queue"] });
  };

  const claimNext = async (): Promise<void> => {
    try {
      const fresh = await office.claimNext(wish.branch === "" ? undefined : [wish.branch]);
      putCase(client, fresh);
      open(fresh.id);
    } catch (problem) {
      void message.info(say(problem));
    }
    void client.invalidateQueries({ queryKey: ["queue"] });
  };

  usePresence(!ended, me.idle_seconds);
  useKeyboard((code) => void find(code));
  useKey("help", () => setHelp(true));
  const claims = may(me, "claim");
  useKey("opening", () => setChoosing(true), takesIn);
  useKey("next", () => void claimNext(), claims);
  const chosen = shown?.cases.find((one) => one.id === cursor);
  const target = chosen?.id ?? openId;
  const scanned = found?.id === openId ? found : undefined;
  // A lease that ran out makes C work again at once, not with the next list.
  useWhenPassed(chosen?.lease_until ?? null);
  useKey("claim", () => void claim(target), claims && target !== null && (chosen ?? scanned)?.deadline.group !== "ended" && !(chosen !== undefined && chosen.holder === me.id && isHeld(chosen, officeNow())));

  const row = shown?.cases.find((one) => one.id === openId);
  return (
    <div className="bench">
      <TopBar counts={shown?.counts} text={text} setText={setText} find={(typed) => void find(typed)} begin={takesIn ? () => setChoosing(true) : undefined} />
      <main className="panes">
        <QueuePane list={list} shown={shown} wish={wish} setWish={setWish} cursor={cursor} setCursor={setCursor} openId={openId} open={open} />
        {openingId !== null ? (
          <OpeningDesk
            key={openingId}
            id={openingId}
            close={(words, next) => {
              setDone({ words, next });
              setOpeningId(null);
            }}
            submitted={(fresh) => {
              void message.success(`已提交。${fresh.title}归您办。`);
              void client.invalidateQueries({ queryKey: ["queue"] });
              setFound(fresh);
              open(fresh.id);
            }}
            openCase={open}
            help={() => setHelp(true)}
            search={() => document.querySelector<HTMLElement>(".bar-search input")?.focus()}
          />
        ) : openId === null ? (
          <section className="nothing-open" aria-label="办件">
            <div>
              <h1>{done?.words ?? "还没有打开办件"}</h1>
              <p>{done?.next ?? "在左边用 J、K 移动，按 Enter 打开。扫回执也会直接打开那一件。"}</p>
              {claims && <Button type="primary" size="large" onClick={() => void claimNext()}>领办最急的一件 <Cap id="next" /></Button>}
              {takesIn && <Button size="large" onClick={() => setChoosing(true)}>给来人开办 <Cap id="opening" /></Button>}
            </div>
          </section>
        ) : (
          <CaseDesk
            key={openId}
            id={openId}
            row={row}
            scanned={scanned}
            rowAt={list.dataUpdatedAt}
            claim={() => void claim(openId)}
            close={(words, next) => {
              setDone(words === null ? null : { words, next: next ?? "" });
              setOpenId(null);
              void client.invalidateQueries({ queryKey: ["queue"] });
            }}
          />
        )}
      </main>
      <BottomBar line={line} syncedAt={shownAt} failing={list.isError} />
      {choosing && <Chooser close={() => setChoosing(false)} opened={openOpening} />}
      <Help open={help} close={() => setHelp(false)} />
    </div>
  );
}
