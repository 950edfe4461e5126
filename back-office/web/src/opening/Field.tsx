// One field: label, help, the control, what is wrong in the office's words. Saved when it is left; a choice at once.
import { Checkbox, Input, Radio, Select } from "antd";
import type { OpeningField } from "../api/openings";
import { useOpenOpening } from "./opening-context";
import { elsewhere, shown } from "./typed";

/** More choices than this stand in a list that can be searched. */
const MANY = 6;
/** What a ticked declaration says when the office names no value for it. */
const TICKED = "yes";

export const inputId = (field: OpeningField): string => `opening-${field.id}`;

interface Props {
  field: OpeningField;
  /** From here to the next field. */
  goOn: () => void;
  /** From here to the next step. */
  nextStep: () => void;
}

function Control({ field, described, goOn, nextStep }: Props & { described: string }): JSX.Element {
  const { opening, typed, type, save, mark } = useOpenOpening();
  const value = shown(typed, field);
  const common = { id: inputId(field), "aria-describedby": described, "aria-invalid": field.error !== null, "aria-required": field.required };
  const status = field.error === null ? undefined : ("error" as const);
  const atOnce = (next: string): void => {
    type(field, next);
    void save();
  };
  const leave = (): void => void save();
  switch (field.kind) {
    case "choice": {
      const choices = field.choices ?? [];
      if (choices.length > MANY) {
        return (
          // The list takes every Enter for itself, so the key of the next step is answered before it.
          <div onKeyDownCapture={(event) => {
            if (!event.ctrlKey || event.key !== "Enter") return;
            event.stopPropagation();
            nextStep();
          }}>
            <Select
              {...common} className="of-choice" status={status} showSearch optionFilterProp="label" placeholder="输几个字来找" value={value === "" ? undefined : value}
              getPopupContainer={() => document.getElementById("dialogs") ?? document.body} options={choices} onChange={atOnce} onSelect={() => requestAnimationFrame(goOn)}
            />
          </div>
        );
      }
      return (
        <div role="radiogroup" {...common} aria-labelledby={`${common.id}-label`}>
          <Radio.Group name={common.id} value={value} onChange={(event) => atOnce(String(event.target.value))}>
            {choices.map((one) => <Radio key={one.value} value={one.value}>{one.label}</Radio>)}
          </Radio.Group>
        </div>
      );
    }
    case "declaration": {
      const yes = field.choices?.[0]?.value ?? TICKED;
      return <Checkbox {...common} checked={value === yes} onChange={(event) => atOnce(event.target.checked ? yes : "")}>{field.choices?.[0]?.label ?? "本人已读，并当面声明属实"}</Checkbox>;
    }
    case "signature": {
      const key = `field:${field.id}`;
      const state = opening.papers.find((paper) => paper.key === key)?.state;
      const signed = state === undefined ? field.value !== null : state === "shown" || state === "scanned";
      return <Checkbox {...common} checked={signed} disabled={state === "scanned"} onChange={(event) => void mark(key, event.target.checked ? "shown" : "none")}>{state === "scanned" ? "居民已在机上签" : "已在纸上签好"}</Checkbox>;
    }
    case "address":
      return <Input.TextArea {...common} status={status} rows={2} autoComplete="off" value={value} onChange={(event) => type(field, event.target.value)} onBlur={leave} />;
    case "text":
    case "person-name":
    case "id-number":
    case "phone":
    case "date":
      return (
        <Input
          {...common} className={`of-${field.kind}`} status={status} autoComplete="off" spellCheck={false} value={value}
          placeholder={field.kind === "date" ? "如 2026-11-20" : undefined} inputMode={field.kind === "phone" ? "tel" : undefined}
          onChange={(event) => type(field, event.target.value)} onBlur={leave}
        />
      );
  }
}

export function Field({ field, goOn, nextStep }: Props): JSX.Element {
  const { typed } = useOpenOpening();
  const id = inputId(field);
  const other = elsewhere(typed, field);
  const grouped = field.kind === "choice" && (field.choices?.length ?? 0) <= MANY;
  const words = <>{field.label}{!field.required && <span className="quiet">（可不填）</span>}</>;
  return (
    <div className={field.error === null ? "ofield" : "ofield wrong"} data-field={field.id}>
      <div className="ofield-head">
        {grouped ? <span className="ofield-label" id={`${id}-label`}>{words}</span> : <label className="ofield-label" htmlFor={id}>{words}</label>}
        {field.from_visit && <span className="pill visit">居民已在机上填</span>}
      </div>
      <Control field={field} goOn={goOn} nextStep={nextStep} described={`${id}-help`} />
      <div id={`${id}-help`}>
        {field.error !== null && <p className="ofield-error">{field.error}</p>}
        {other !== null && <p className="ofield-other">别处填的是“{other === "" ? "空" : other}”。您填的还没有保存。</p>}
        {field.help !== null && <p className="quiet">{field.help}</p>}
      </div>
    </div>
  );
}
