// Giving a case out of one's hands: back to the queue (the same key again), or to a colleague.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Button, Input, Modal, Radio, Skeleton } from "antd";
import { useRef, useState } from "react";
import * as office from "../api/office";
import { say } from "../api/problem";
import { Cap } from "../keys/Cap";
import { KeyLayer, useKey } from "../keys/keyboard";
import { printed } from "../queue/code";
import { putCase } from "../queue/useQueue";
import { useOpenCase } from "./case-context";
import { useWritten } from "./drafts";
import { useFirstRadio } from "./useFirst";

/** Many colleagues get a field to narrow the list. */
const MANY = 8;

function Release({ close, released }: { close: () => void; released: () => void }): JSX.Element {
  const { id, one, write, busy } = useOpenCase();
  const client = useQueryClient();
  const written = useWritten(id);
  const run = async (): Promise<void> => {
    if (busy) return;
    if (await write(() => office.release(id, one.claim_epoch))) {
      void client.invalidateQueries({ queryKey: ["queue"] });
      void client.invalidateQueries({ queryKey: ["case", id] });
      released();
    }
  };
  useKey("leave", close);
  useKey("release", () => void run());
  return (
    <>
      <div className="dialog-main">
        <p>再按一次 R，{one.title} {printed(one.code)} 就回到队列，同事都能领。</p>
        {written && <p>您写的内容留在这台电脑上，再领办时接着写。同事看不到。</p>}
      </div>
      <div className="dialog-foot">
        <span className="quiet" />
        <Button onClick={close}>取消 <Cap id="leave" /></Button>
        <Button type="primary" autoFocus loading={busy} onClick={() => void run()}>放回 <Cap id="release" /></Button>
      </div>
    </>
  );
}

export function ReleaseDialog({ close, released }: { close: () => void; released: () => void }): JSX.Element {
  return (
    <Modal getContainer="#dialogs" open centered width={460} className="dialog" footer={null} keyboard={false} onCancel={close} title="放回队列？">
      <KeyLayer><Release close={close} released={released} /></KeyLayer>
    </Modal>
  );
}

function Assign({ close, assigned }: { close: () => void; assigned: (who: string) => void }): JSX.Element {
  const { id, busy } = useOpenCase();
  const client = useQueryClient();
  const [officer, setOfficer] = useState<string | null>(null);
  const [filter, setFilter] = useState("");
  const [error, setError] = useState<string | null>(null);
  const asked = useQuery({ queryKey: ["colleagues", id], queryFn: () => office.colleagues(id) });
  const box = useRef<HTMLDivElement>(null);
  useFirstRadio(box, asked.data !== undefined);
  const people = (asked.data?.officers ?? []).filter((one) => `${one.name} ${one.badge}`.includes(filter.trim()));
  const chosen = asked.data?.officers.find((one) => one.id === officer);
  const run = async (): Promise<void> => {
    if (!chosen) return;
    try {
      putCase(client, await office.assign(id, chosen.id));
      client.removeQueries({ queryKey: ["case", id] });
      assigned(chosen.name);
    } catch (problem) {
      setError(`没有移交，还在原处。${say(problem)}`);
    }
  };
  useKey("leave", close);
  useKey("yes", () => void run(), chosen !== undefined);
  useKey("item", (digit) => {
    const at = Number(digit) - 1;
    setOfficer(people[at]?.id ?? officer);
    box.current?.querySelectorAll<HTMLInputElement>("input[type=radio]")[at]?.focus();
  });
  return (
    <>
      <div className="dialog-main">
        {(asked.data?.officers.length ?? 0) > MANY && <Input allowClear aria-label="按姓名或警号筛选" placeholder="姓名或警号" value={filter} onChange={(event) => setFilter(event.target.value)} />}
        {asked.isPending && <Skeleton active={false} />}
        {asked.isError && <div className="note warn"><span className="grow">名单没有取到。{say(asked.error)}</span><Button size="small" onClick={() => void asked.refetch()}>再试</Button></div>}
        {asked.data && people.length === 0 && <p>没有别的同事能办这件。</p>}
        <div ref={box}><Radio.Group className="radios" aria-label="移交给" value={officer} onChange={(event) => setOfficer(String(event.target.value))}>
          {people.map((one, at) => (
            <Radio key={one.id} value={one.id}>{at < 9 && <kbd aria-hidden="true">{at + 1}</kbd>} {one.name} <span className="quiet">警号 {one.badge}</span></Radio>
          ))}
        </Radio.Group></div>
        {error !== null && <div className="note bad" role="alert">{error}</div>}
      </div>
      <div className="dialog-foot">
        <span className="quiet">按下后就在对方手上。您写的办理意见对方看不到，请先说给对方。</span>
        <Button onClick={close}>取消 <Cap id="leave" /></Button>
        <Button type="primary" disabled={!chosen} loading={busy} onClick={() => void run()}>移交 <Cap id="yes" /></Button>
      </div>
    </>
  );
}

export function AssignDialog({ close, assigned }: { close: () => void; assigned: (who: string) => void }): JSX.Element {
  return (
    <Modal getContainer="#dialogs" open centered width={520} className="dialog" footer={null} keyboard={false} onCancel={close} title="移交给同事">
      <KeyLayer><Assign close={close} assigned={assigned} /></KeyLayer>
    </Modal>
  );
}
