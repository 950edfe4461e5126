// The control of a field by its kind. Text is saved when it is left, a choice at once. Not here: label, help, errors.
import { Checkbox, Input, Radio, Select } from "antd";
import type { OpeningField } from "../api/openings";
import { inputId, isLong, split } from "./kinds";
import { useOpenOpening } from "./opening-context";
import { shown } from "./typed";

const TICKED = "yes";
/** The officer's own word on the person, not the person's. */
const SEEN = "person.seen";

interface Props {
  field: OpeningField;
  /** Id of what is said about the field. */
  described: string;
  /** From here to the next field. */
  goOn: () => void;
  /** From here to the next step. */
  nextStep: () => void;
}

export function Control({ field, described, goOn, nextStep }: Props): JSX.Element {
  const { typed, type, save, mark } = useOpenOpening();
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
      if (field.multiple) {
        return (
          <div role="group" aria-describedby={described} aria-labelledby={`${common.id}-label`}>
            <Checkbox.Group disabled={field.locked} value={split(value)} options={choices} onChange={(many) => atOnce(many.join(","))} />
          </div>
        );
      }
      if (isLong(field)) {
        return (
          // The list takes every Enter for itself, so the key of the next step is answered before it.
          <div onKeyDownCapture={(event) => {
            if (!event.ctrlKey || event.key !== "Enter") return;
            event.stopPropagation();
            nextStep();
          }}>
            <Select
              {...common} className="of-choice" disabled={field.locked} status={status} showSearch optionFilterProp="label" placeholder="输几个字来找" value={value === "" ? undefined : value}
              getPopupContainer={() => document.getElementById("dialogs") ?? document.body} options={choices} onChange={atOnce} onSelect={() => requestAnimationFrame(goOn)}
            />
          </div>
        );
      }
      return (
        <div role="radiogroup" {...common} id={undefined} aria-labelledby={`${common.id}-label`}>
          <Radio.Group name={common.id} disabled={field.locked} value={value} onChange={(event) => atOnce(String(event.target.value))}>
            {choices.map((one) => <Radio key={one.value} value={one.value}>{one.label}</Radio>)}
          </Radio.Group>
        </div>
      );
    }
    case "declaration": {
      return <Checkbox {...common} checked={value === TICKED} onChange={(event) => atOnce(event.target.checked ? TICKED : "")}>{field.id === SEEN ? "看过证件，来的就是本人" : "本人已读，当面声明"}</Checkbox>;
    }
    case "signature": {
      if (value === "signed") return <p>居民已在机上签。</p>;
      const signed = (next: string): void => {
        if (next === "cannot-sign") atOnce(next);
        else void mark(`field:${field.id}`, "shown");
      };
      return (
        <div role="radiogroup" {...common} id={undefined} aria-labelledby={`${common.id}-label`}>
          <Radio.Group name={common.id} value={value} onChange={(event) => signed(String(event.target.value))}>
            <Radio value="shown">已在纸上签好</Radio>
            <Radio value="cannot-sign">本人不能签名</Radio>
          </Radio.Group>
        </div>
      );
    }
    case "address":
      return <Input.TextArea {...common} readOnly={field.locked} placeholder="从省、市、区写起" status={status} rows={2} autoComplete="off" value={value} onChange={(event) => type(field, event.target.value)} onBlur={leave} />;
    case "text":
    case "person-name":
    case "id-number":
    case "phone":
    case "date":
      return (
        <Input
          {...common} className={`of-${field.kind}`} readOnly={field.locked} status={status} autoComplete="off" spellCheck={false} value={value}
          placeholder={field.kind === "date" ? "如 2026-11-20" : undefined} inputMode={field.kind === "phone" ? "tel" : undefined}
          onChange={(event) => type(field, event.target.value)} onBlur={leave}
        />
      );
  }
}
