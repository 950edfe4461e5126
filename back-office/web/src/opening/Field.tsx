// One field: label, where its value comes from, the control, what is wrong in the office's words.
import { useEffect } from "react";
import type { OpeningField } from "../api/openings";
import { Control } from "./Control";
import { inputId, isGroup } from "./kinds";
import { useOpenOpening } from "./opening-context";
import { elsewhere } from "./typed";

interface Props {
  field: OpeningField;
  /** From here to the next field. */
  goOn: () => void;
  /** From here to the next step. */
  nextStep: () => void;
}

export function Field({ field, goOn, nextStep }: Props): JSX.Element {
  const { typed } = useOpenOpening();
  const id = inputId(field);
  const other = elsewhere(typed, field);
  const grouped = isGroup(field);
  const plain = typed[field.id] === undefined ? field.value : null;
  // What the office fills in while the cursor waits there is chosen whole: typing on replaces it.
  useEffect(() => {
    const now = document.activeElement;
    if (plain !== null && now?.id === id && now instanceof HTMLInputElement && now.type === "text") now.select();
  }, [plain, id]);
  const words = <>{field.label}{!field.required && <span className="quiet">（可不填）</span>}</>;
  return (
    <div className={field.error === null ? "ofield" : "ofield wrong"} data-field={field.id}>
      <div className="ofield-head">
        {grouped ? <span className="ofield-label" id={`${id}-label`}>{words}</span> : <label className="ofield-label" htmlFor={id}>{words}</label>}
        {field.locked && <span className="quiet">登记信息，不用填</span>}
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
