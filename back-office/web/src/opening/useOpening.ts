// One opening as the office has it, and every write to it: one after the other, each on the newest version.
// A refused or lost write leaves what was typed where it is. Not here: what is shown.
import { useQuery, useQueryClient, type UseQueryResult } from "@tanstack/react-query";
import { useCallback, useRef, useState } from "react";
import * as api from "../api/openings";
import { isKind, Problem, say } from "../api/problem";
import type { Case } from "../api/types";
import { drafts, useDraft } from "../decision/drafts";
import { count, NOTHING, outgoing, put, taken, type Typed } from "./typed";

export interface Trouble {
  words: string;
  /** Somebody wrote meanwhile: what was typed waits for one more word of the officer. */
  conflict: boolean;
}

export interface OpenOpening {
  id: string;
  opening: api.Opening;
  typed: Typed;
  type: (field: api.OpeningField, value: string) => void;
  /** Sends everything typed; true when nothing is left unsaved. */
  save: () => Promise<boolean>;
  saving: boolean;
  trouble: Trouble | null;
  mark: (key: string, state: "shown" | "later" | "none") => Promise<boolean>;
  pages: (key: string, files: readonly File[]) => Promise<boolean>;
  /** The case, or null when it was refused (said in `trouble`). */
  submit: () => Promise<Case | null>;
  giveUp: () => Promise<boolean>;
}

const SLOT = "typed";
const draftOf = (id: string): string => `opening/${id}`;

export function useOpening(id: string, on: boolean): { asked: UseQueryResult<api.Opening>; open: OpenOpening | null } {
  const client = useQueryClient();
  const key = useRef(["opening", id]).current;
  const draft = draftOf(id);
  const [typed, setTyped] = useDraft<Typed>(draft, SLOT, NOTHING);
  const [waiting, setWaiting] = useState(0);
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const lane = useRef<Promise<unknown>>(Promise.resolve());
  const asked = useQuery({
    queryKey: key,
    queryFn: ({ signal }) => api.read(id, signal),
    enabled: on,
    staleTime: Infinity,
    // Nothing of a person stays when the form is closed.
    gcTime: 0,
  });

  const inLane = useCallback(<Answer,>(job: () => Promise<Answer>): Promise<Answer> => {
    setWaiting((many) => many + 1);
    const next = lane.current.then(job);
    lane.current = next.catch(() => undefined).finally(() => setWaiting((many) => many - 1));
    return next;
  }, []);

  const keep = (rest: Typed): void => drafts.set(draft, SLOT, count(rest) === 0 ? undefined : rest);
  const latest = (): Typed => drafts.get<Typed>(draft, SLOT) ?? NOTHING;
  const version = (): number => client.getQueryData<api.Opening>(key)?.version ?? 0;

  const refused = async (problem: unknown): Promise<false> => {
    if (!isKind(problem, "version-conflict")) {
      setTrouble({ words: `您填的都还在。${say(problem)}`, conflict: false });
      return false;
    }
    setTrouble({ words: "您填的都还在。这份表刚在别处改过，下面是新的内容。", conflict: true });
    await api.read(id).then((fresh) => client.setQueryData(key, fresh), () => undefined);
    return false;
  };
  const write = async (ask: (version: number) => Promise<api.Opening>): Promise<boolean> => {
    try {
      client.setQueryData(key, await ask(version()));
      setTrouble(null);
      return true;
    } catch (problem) {
      return refused(problem);
    }
  };
  const saveNow = async (): Promise<boolean> => {
    const sent = latest();
    if (count(sent) === 0) return true;
    if (!(await write((on) => api.answer(id, on, outgoing(sent))))) return false;
    keep(taken(latest(), sent));
    void client.invalidateQueries({ queryKey: ["openings"] });
    return count(latest()) === 0;
  };

  const opening = asked.data;
  if (opening === undefined) return { asked, open: null };
  const open: OpenOpening = {
    id,
    opening,
    typed,
    type: (field, value) => {
      const next = put(latest(), field, value);
      setTyped(next);
      if (count(next) === 0) keep(NOTHING);
    },
    save: () => (count(latest()) === 0 && waiting === 0 ? Promise.resolve(true) : inLane(saveNow)),
    saving: waiting > 0,
    trouble,
    mark: (paper, state) => inLane(() => write((on) => api.markPaper(id, paper, on, state))),
    pages: (paper, files) =>
      inLane(async () => {
        for (const file of files) {
          const fit = (api.FILE_TYPES as readonly string[]).includes(file.type);
          if (!fit || file.size > api.LARGEST_FILE) return refused(new Problem(413, fit ? "too-large" : "not-a-page", null));
          if (!(await write((on) => api.sendPage(id, paper, on, file)))) return false;
        }
        return true;
      }),
    submit: () =>
      inLane(async () => {
        if (!(await saveNow())) return null;
        try {
          const fresh = await api.submit(id, version());
          drafts.clear(draft);
          void client.invalidateQueries({ queryKey: ["openings"] });
          return fresh;
        } catch (problem) {
          await refused(problem);
          return null;
        }
      }),
    giveUp: () =>
      inLane(async () => {
        try {
          await api.giveUp(id);
          drafts.clear(draft);
          void client.invalidateQueries({ queryKey: ["openings"] });
          return true;
        } catch (problem) {
          return refused(problem);
        }
      }),
  };
  return { asked, open };
}
