// One open case over two panes: papers in the middle, form, checks and decision on the right.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { App as Kit, Button, Skeleton } from "antd";
import { useEffect, useMemo, useRef, useState } from "react";
import * as office from "../api/office";
import { isKind, Problem, say } from "../api/problem";
import type { Case, CaseDetail } from "../api/types";
import { PapersPane } from "../papers/PapersPane";
import { newer, putCase } from "../queue/useQueue";
import { isHeld } from "../queue/Row";
import { useNow } from "../session/clock";
import { fullClock } from "../session/clock-words";
import { may, useSession } from "../session/session";
import { CaseContext, type Holding, type OpenCase } from "./case-context";
import { DecisionPane } from "./DecisionPane";
import { ReasonAsk } from "./ReasonAsk";
import { useHeartbeat } from "./useHeartbeat";
import { useRow } from "./useRow";
import { Waiting } from "./Waiting";

interface Props {
  id: string;
  /** The case as the list has it, and when the list came. */
  row: Case | undefined;
  rowAt: number;
  /** The case as a code just found it, for its title when it stands in no list. */
  scanned: Case | undefined;
  claim: () => void;
  /** Leaves the case with words; `approved` when it can be issued now. */
  close: (words: string | null, next?: string, approved?: Case) => void;
  /** To the issuing of an approved case. */
  issue: (code: string | null) => void;
}

export function CaseDesk({ id, row, rowAt, scanned, claim, close, issue }: Props): JSX.Element {
  const { me, ended } = useSession();
  const client = useQueryClient();
  const { message } = Kit.useApp();
  const [reason, setReason] = useState<string | null>(null);
  const [paper, setPaper] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const wasMine = useRef(false);
  const now = useNow(1000);
  const asked = useQuery({
    queryKey: ["case", id, reason],
    queryFn: ({ signal }) => office.detail(id, reason, signal),
    enabled: !ended,
    // Every look is written down by the office: only asked again when something changed.
    staleTime: Infinity,
    // And nothing of a person stays when the case is closed; opening it again is a look of its own.
    gcTime: 0,
  });

  const detail = asked.data;
  const told = useRow(id, detail?.case.code ?? null, row, rowAt, !ended);
  const one = detail && newer(detail.case, told.row, told.at > asked.dataUpdatedAt);
  const behind = (told.gone && told.at > asked.dataUpdatedAt) || (detail !== undefined && one !== undefined && (one.version > detail.case.version || one.claim_epoch > detail.case.claim_epoch));
  const { refetch, isFetching, isError } = asked;
  useEffect(() => {
    if (behind && !isFetching && !isError && !ended) void refetch();
  }, [behind, isFetching, isError, refetch, ended]);

  const mine = one !== undefined && one.holder === me.id && isHeld(one, now);
  if (mine) wasMine.current = true;
  const holding: Holding = !one
    ? "free"
    : mine
      ? "mine"
      : one.deadline.group === "ended" || !may(me, "claim")
        ? "closed"
        : wasMine.current
          ? "lost"
          : isHeld(one, now)
            ? "other"
            : "free";

  useHeartbeat(mine && !ended, me.lease_seconds, async () => {
    if (one) putCase(client, await office.renew(id, one.claim_epoch));
  });

  const write = async (job: () => Promise<CaseDetail | Case>): Promise<boolean> => {
    setBusy(true);
    try {
      const answer = await job();
      if ("papers" in answer) {
        client.setQueryData(["case", id, reason], answer);
        putCase(client, answer.case);
      } else {
        putCase(client, answer);
      }
      return true;
    } catch (problem) {
      void message.error({ content: `${say(problem)}您写的内容还在。`, duration: 6 });
      if (problem instanceof Problem && problem.status === 409) {
        void client.invalidateQueries({ queryKey: ["case", id] });
        void client.invalidateQueries({ queryKey: ["queue"] });
      }
      return false;
    } finally {
      setBusy(false);
    }
  };

  const open = useMemo<OpenCase | null>(
    () => (detail && one ? { id, detail, one, holding, write, busy, trouble: asked.error === null ? null : say(asked.error), again: () => void refetch() } : null),
    // `write` only closes over stable things and the reason.
    [id, detail, one, holding, busy, reason, asked.error],
  );

  if (isKind(asked.error, "reason-needed")) return <ReasonAsk id={id} row={one ?? row ?? scanned} justEnded={detail !== undefined} open={setReason} close={() => close(null)} />;
  if (isKind(asked.error, "erased")) {
    const kept = row ?? scanned;
    return (
      <Waiting row={kept}>
        <div className="note info" role="status">
          <span className="grow">
            {say(asked.error)}
            {kept && <><br />收件 {fullClock(Date.parse(kept.received_at))} · {kept.station_name} · 编号 {kept.submission}</>}
          </span>
          <Button size="small" onClick={() => close(null)}>回到队列</Button>
        </div>
      </Waiting>
    );
  }
  if (open === null) {
    return (
      <Waiting row={row ?? scanned}>
        {asked.isError ? (
          <div className="note bad">
            <span className="grow">这一件还没有取到，什么都没有改动。{say(asked.error)}</span>
            <Button size="small" onClick={() => void refetch()}>再试</Button>
            <Button size="small" onClick={() => close(null)}>回到队列</Button>
          </div>
        ) : (
          <Skeleton active={false} paragraph={{ rows: 10 }} />
        )}
      </Waiting>
    );
  }
  const left = (words: string | null, next?: string, approved?: Case): void => {
    wasMine.current = false;
    close(words, next, approved);
  };
  return (
    <CaseContext.Provider value={open}>
      <PapersPane paper={paper} setPaper={setPaper} />
      <DecisionPane paper={paper} claim={claim} close={left} issue={issue} forget={() => (wasMine.current = false)} />
    </CaseContext.Provider>
  );
}
