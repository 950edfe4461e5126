// The officer's own words on the case; only seen inside the office, kept while half written.
import { Input } from "antd";
import { useRef } from "react";
import type { TextAreaRef } from "antd/es/input/TextArea";
import { Cap } from "../keys/Cap";
import { useKey } from "../keys/keyboard";
import { useOpenCase } from "./case-context";
import { useDraft } from "./drafts";

export function Note(): JSX.Element {
  const { id, holding } = useOpenCase();
  const [note, setNote] = useDraft(id, "note", "");
  const field = useRef<TextAreaRef>(null);
  useKey("note", () => field.current?.focus(), holding !== "closed");
  return (
    <section className="note-view" aria-label="办理意见">
      <h2><label htmlFor="case-note">办理意见</label> <Cap id="note" /><span className="quiet right">内部可见，随决定存档</span></h2>
      <Input.TextArea id="case-note" ref={field} value={note} disabled={holding === "closed"} maxLength={1000} rows={3} placeholder="作决定时一起存档。没有写完也不会丢。" onChange={(event) => setNote(event.target.value)} />
    </section>
  );
}
