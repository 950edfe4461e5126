// An opening over two panes: steps and fields in the middle; papers, what is missing and submitting on the right.
// Lies on a key layer of its own: single keys of the queue do nothing while a form is filled.
import { Button, Skeleton } from "antd";
import { useEffect, useRef, useState, type ReactNode } from "react";
import { isKind, say } from "../api/problem";
import type { Case } from "../api/types";
import { Cap } from "../keys/Cap";
import { KeyLayer, useKey } from "../keys/keyboard";
import { printed } from "../queue/code";
import { useSession } from "../session/session";
import { toField, toNext } from "./fast";
import { Field } from "./Field";
import { GiveUp } from "./GiveUp";
import { Head } from "./Head";
import { OpeningContext, useOpenOpening } from "./opening-context";
import { Overview } from "./Overview";
import { Papers } from "./Papers";
import { People } from "./People";
import { StepNav } from "./StepNav";
import { END, moved, placeIn } from "./steps";
import { Submit } from "./Submit";
import { count } from "./typed";
import { useOpening } from "./useOpening";
import "./opening.css";

/** The first step: who applies. */
const PERSON = "person";

interface Outer {
  /** Back to the queue; what is filled stays, unless it was given up. */
  close: (words: string, next: string) => void;
  submitted: (fresh: Case) => void;
  /** It turned out to be a case already. */
  openCase: (id: string) => void;
  /** Keys that lead to other pages. */
  keys: ReactNode;
  search: () => void;
}

export function OpeningDesk({ id, ...outer }: Outer & { id: string }): JSX.Element {
  const { ended } = useSession();
  const { asked, open } = useOpening(id, !ended);
  const known = isKind(asked.error, "already-a-case") ? asked.error.text("case") : null;
  if (open === null) {
    return (
      <section className="waiting" aria-label="开办">
        <Back close={() => outer.close("还没有打开办件", "在左边用 J、K 移动，按 Enter 打开。")} />
        {asked.isError ? (
          <div className="note bad">
            <span className="grow">这份表还没有取到，什么都没有改动。{say(asked.error)}</span>
            {known === null ? <Button size="small" onClick={() => void asked.refetch()}>再试</Button> : <Button size="small" type="primary" onClick={() => outer.openCase(known)}>打开这件</Button>}
            <Button size="small" onClick={() => outer.close("还没有打开办件", "在左边用 J、K 移动，按 Enter 打开。")}>回到队列 <Cap id="leave" /></Button>
          </div>
        ) : (
          <Skeleton active={false} paragraph={{ rows: 10 }} />
        )}
      </section>
    );
  }
  return (
    <OpeningContext.Provider value={open}>
      <KeyLayer>{outer.keys}<Desk {...outer} /></KeyLayer>
    </OpeningContext.Provider>
  );
}

/** While there is no form yet, Esc leads back all the same. */
function Back({ close }: { close: () => void }): null {
  useKey("leave", close);
  return null;
}

function Desk({ close, submitted, search }: Outer): JSX.Element {
  const { opening, typed, save, submit, saving, trouble } = useOpenOpening();
  const [wanted, setWanted] = useState<string | null>(null);
  const [paper, setPaper] = useState<string | null>(null);
  const [asking, setAsking] = useState(false);
  const form = useRef<HTMLDivElement>(null);
  const side = useRef<HTMLElement>(null);
  // After a move: the field to enter; none is meant by an empty list.
  const enter = useRef<readonly string[] | null>([]);
  const place = placeIn(opening, wanted);
  const step = opening.steps.find((one) => one.id === place);
  const latest = useRef(opening);
  latest.current = opening;

  const go = (to: string, field?: string): void => {
    const at = opening.steps.find((one) => one.id === to);
    const wrong = at?.fields.filter((one) => one.error !== null) ?? [];
    const empty = at?.fields.filter((one) => one.value === null) ?? [];
    enter.current = field === undefined ? [...wrong, ...empty].map((one) => one.id) : [field];
    setWanted(to);
  };
  // The place of the first showing stays: answers that complete a step do not carry anybody away from it.
  useEffect(() => {
    if (wanted === null) go(place);
  });
  useEffect(() => {
    if (enter.current === null || wanted === null) return;
    const fields = enter.current;
    enter.current = null;
    if (place !== END) {
      if (form.current) toField(form.current, fields);
      return;
    }
    const open = latest.current.papers.find((one) => one.state === "missing") ?? latest.current.papers[0];
    const target = open && !latest.current.may_submit ? document.getElementById(`opening-paper-${open.key}`) : side.current?.querySelector<HTMLElement>(".osubmit");
    target?.focus();
  }, [wanted, place]);

  const goOn = async (): Promise<void> => {
    const from = document.activeElement;
    if (!form.current?.contains(from)) return;
    if (toNext(form.current, from)) return;
    await save();
    // The answer may have brought more fields; they are on the page with the next drawing.
    await new Promise((drawn) => requestAnimationFrame(drawn));
    if (form.current && !toNext(form.current, from)) document.querySelector<HTMLElement>(".onext")?.focus();
  };
  const move = async (by: 1 | -1): Promise<void> => {
    const from = place;
    await save();
    go(moved(latest.current, placeIn(latest.current, from), by));
  };
  const handIn = async (): Promise<void> => {
    if (saving && count(typed) === 0) return;
    if (!(await save())) return;
    if (!latest.current.may_submit) {
      side.current?.querySelector<HTMLElement>(".omissing")?.focus();
      return;
    }
    const fresh = await submit();
    if (fresh !== null) submitted(fresh);
  };
  const leave = (): void => {
    const now = document.activeElement;
    if (now instanceof HTMLElement && (now instanceof HTMLTextAreaElement || now.closest(".ant-select") !== null || (now instanceof HTMLInputElement && now.type === "text"))) {
      now.blur();
      return;
    }
    void save();
    close("表还在，没有提交", `${opening.service.title} ${printed(opening.code)}。按 Y，在“没办完的”里接着办；扫它的码也可以。`);
  };
  useKey("go-on", () => void goOn(), place !== END);
  useKey("next-step", () => void move(1), place !== END);
  useKey("last-step", () => void move(-1), place !== opening.steps[0]?.id);
  useKey("hand-in", () => void handIn());
  useKey("give-up", () => setAsking(true));
  useKey("leave", leave);
  useKey("search", search);

  const wrong = step?.fields.filter((field) => field.error !== null) ?? [];
  return (
    <>
      <section className="opening" aria-label="开办">
        <Head />
        {trouble !== null && (
          <div className="note bad otrouble" role="alert">
            <span className="grow">{trouble.words}</span>
            {count(typed) > 0 && <Button size="small" onClick={() => void save()}>{trouble.conflict ? "按我填的保存" : "再保存一次"}</Button>}
          </div>
        )}
        <div className="opening-row">
          <StepNav place={place} go={go} />
          <div className="oform-scroll" role="group" tabIndex={0} aria-label="这一步要填的">
            {step === undefined ? (
              <Overview go={go} />
            ) : (
              <div className="oform" ref={form} key={step.id}>
                <h2>{step.title} <span className="quiet">第 {opening.steps.indexOf(step) + 1} 步，共 {opening.steps.length + 1} 步</span></h2>
                {wrong.length > 0 && (
                  <div className="note bad osummary" role="status">
                    <div>
                      <strong>有 {wrong.length} 处要改。填的都留着。</strong>
                      <ul>{wrong.map((field) => <li key={field.id}><Button type="link" size="small" onClick={() => form.current && toField(form.current, [field.id])}>{field.label}</Button>{field.error}</li>)}</ul>
                    </div>
                  </div>
                )}
                {step.id === PERSON && <People />}
                {step.fields.map((field) => <Field key={field.id} field={field} goOn={() => void goOn()} nextStep={() => void move(1)} />)}
                {step.fields.length === 0 && <p className="quiet">这一步没有要填的。</p>}
              </div>
            )}
          </div>
        </div>
        <div className="oacts">
          <Button disabled={place === opening.steps[0]?.id} onClick={() => void move(-1)}>上一步 <Cap id="last-step" /></Button>
          <Button className="onext" type={place === END ? "default" : "primary"} disabled={place === END} onClick={() => void move(1)}>下一步 <Cap id="next-step" /></Button>
          <span className="grow" />
          <Button onClick={() => setAsking(true)}>不办了 <Cap id="give-up" /></Button>
        </div>
      </section>
      <section className="opening-side" aria-label="材料与提交" ref={side}>
        <div className="opapers-scroll"><Papers chosen={paper} choose={setPaper} /></div>
        <Submit run={() => void handIn()} />
      </section>
      {asking && <GiveUp close={() => setAsking(false)} given={() => close("已清掉，没有留下内容", `回执编号 ${printed(opening.code)} 已作废。`)} />}
    </>
  );
}
