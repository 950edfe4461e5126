// The workbench: one screen of queue, papers and decision. Holds what is chosen; everything else lives in the panes.
import { useQueryClient } from "@tanstack/react-query";
import { App as Kit, Button } from "antd";
import { useCallback, useEffect, useState, type ReactNode } from "react";
import * as office from "../api/office";
import * as openings from "../api/openings";
import { isKind, Problem, say } from "../api/problem";
import type { Case } from "../api/types";
import { CaseDesk } from "../decision/CaseDesk";
import { drafts } from "../decision/drafts";
import { Cap } from "../keys/Cap";
import { AccountPage } from "../account/AccountPage";
import { CollectPage } from "../collect/CollectPage";
import { IssuePane } from "../issue/IssuePane";
import { Help } from "../keys/Help";
import { KeyLayer, useKey, useKeyboard } from "../keys/keyboard";
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
import { ReportPage } from "../report/ReportPage";
import { TicketsPage } from "../tickets/TicketsPage";
import { BottomBar } from "./BottomBar";
import { GoKeys } from "./GoKeys";
import { firstPlace, fromHash, toHash, type PlaceId } from "./places";
import { TopBar } from "./TopBar";
import "./shell.css";
import "./page.css";

/** A search waits this long after the last letter. */
const SEARCH_MS = 200;

/** What was just done, for the empty place it leaves. */
interface Done {
  words: string;
  next: string;
  /** It was approved, so it can be issued now. */
  issue: Issuing | null;
}

interface Issuing {
  id: string;
  code: string | null;
}

export function Workbench(): JSX.Element {
  const { me, ended } = useSession();
  const client = useQueryClient();
  const { message } = Kit.useApp();
  const [wish, setWish] = useState(EVERYTHING);
  const [text, setText] = useState("");
  const [cursor, setCursor] = useState<string | null>(null);
  const [openId, setOpenId] = useState<string | null>(() => fromHash(location.hash).open);
  const [place, setPlace] = useState<PlaceId>(() => firstPlace(fromHash(location.hash).place, (place) => place.needs === null || may(me, place.needs)));
  const [issuing, setIssuing] = useState<Issuing | null>(null);
  const [scan, setScan] = useState<{ code: string } | null>(null);
  const [openingId, setOpeningId] = useState<string | null>(() => fromHash(location.hash).opening);
  const [choosing, setChoosing] = useState(false);
  // What a code led to; an ended case stands in no list, and its title is said all the same.
  const [found, setFound] = useState<Case | null>(null);
  const [help, setHelp] = useState(false);
  const [done, setDone] = useState<Done | null>(null);
  const takesIn = may(me, "intake");
  const { list, shown, shownAt, line } = useQueue(wish, !ended && may(me, "view"));

  const open = useCallback((id: string): void => {
    setCursor(id);
    setOpenId(id);
    setOpeningId(null);
    setIssuing(null);
    setDone(null);
    setPlace("bench");
  }, []);

  const openOpening = useCallback((id: string): void => {
    setChoosing(false);
    setOpenId(null);
    setIssuing(null);
    setOpeningId(id);
    setDone(null);
    setPlace("bench");
  }, []);

  useEffect(() => {
    history.replaceState(null, "", `${location.pathname}${toHash(place, openId, openingId)}`);
  }, [place, openId, openingId]);

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
    setPlace("bench");
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
  // At the collection desk a scanned receipt asks for what lies there; everywhere else it opens the case.
  useKeyboard((code) => (place === "collect" ? setScan({ code }) : void find(code)));
  const issue = done?.issue ?? null;
  useKey("issue", () => setIssuing(issue), issue !== null && openId === null);
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
  const goKeys = <GoKeys go={setPlace} help={() => setHelp(true)} />;
  // A page lies over the bench and over what is being issued there: both keep their place, and hear nothing.
  const aside = (page: ReactNode): JSX.Element => <KeyLayer over={2}>{goKeys}{page}</KeyLayer>;
  return (
    <div className="bench">
      <TopBar counts={shown?.counts} text={text} setText={setText} find={(typed) => void find(typed)} begin={takesIn ? () => setChoosing(true) : undefined} place={place} go={setPlace} />
      {goKeys}
      <main className="panes" hidden={place !== "bench"}>
        <QueuePane list={list} shown={shown} wish={wish} setWish={setWish} cursor={cursor} setCursor={setCursor} openId={openId} open={open} />
        {issuing !== null ? (
          <KeyLayer>{goKeys}<IssuePane key={issuing.id} caseId={issuing.id} code={issuing.code} leave={(issued) => { setIssuing(null); if (issued) setDone(null); }} leaveWords="回到队列" /></KeyLayer>
        ) : openingId !== null ? (
          <OpeningDesk
            key={openingId}
            id={openingId}
            close={(words, next) => {
              setDone({ words, next, issue: null });
              setOpeningId(null);
            }}
            submitted={(fresh) => {
              void message.success(`已提交。${fresh.title}归您办。`);
              void client.invalidateQueries({ queryKey: ["queue"] });
              setFound(fresh);
              open(fresh.id);
            }}
            openCase={open}
            keys={goKeys}
            search={() => document.querySelector<HTMLElement>(".bar-search input")?.focus()}
          />
        ) : openId === null ? (
          <section className="nothing-open" aria-label="办件">
            <div>
              <h1>{done?.words ?? "还没有打开办件"}</h1>
              <p>{done?.next ?? "在左边用 J、K 移动，按 Enter 打开。扫回执也会直接打开那一件。"}</p>
              {issue !== null && <Button type="primary" size="large" onClick={() => setIssuing(issue)}>办结发证 <Cap id="issue" /></Button>}
              {claims && <Button type={issue === null ? "primary" : "default"} size="large" onClick={() => void claimNext()}>领办最急的一件 <Cap id="next" /></Button>}
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
            issue={(code) => {
              setOpenId(null);
              setIssuing({ id: openId, code });
            }}
            close={(words, next, approved) => {
              setDone(words === null ? null : { words, next: next ?? "", issue: approved !== undefined && may(me, "issue") ? { id: openId, code: approved.code } : null });
              setOpenId(null);
              void client.invalidateQueries({ queryKey: ["queue"] });
            }}
          />
        )}
      </main>
      {place === "tickets" && aside(<TicketsPage openCase={open} />)}
      {place === "collect" && aside(<CollectPage scanned={scan} openCase={open} go={setPlace} help={() => setHelp(true)} />)}
      {place === "report" && aside(<ReportPage />)}
      {place === "account" && aside(<AccountPage />)}
      <BottomBar line={line} syncedAt={shownAt} failing={list.isError} listens={may(me, "view")} />
      {choosing && <Chooser close={() => setChoosing(false)} opened={openOpening} />}
      <Help open={help} close={() => setHelp(false)} />
    </div>
  );
}
