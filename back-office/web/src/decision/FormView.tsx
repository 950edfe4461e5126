// What the person filled in, as the office evaluated it: value, where it comes from, what is wrong in words.
import { officeNow } from "../session/clock";
import { clockOf } from "../session/clock-words";
import { useOpenCase } from "./case-context";
import { stoodBefore } from "./earlier";

export function FormView({ paper }: { paper: string | null }): JSX.Element {
  const { detail } = useOpenCase();
  const first = detail.papers.find((one) => one.pages.length > 0)?.key ?? null;
  const lit = paper ?? first;
  const before = stoodBefore(detail.earlier);
  return (
    <section className="form-view" aria-label="申请信息">
      <h2>申请信息 <span className="quiet">高亮项与当前材料对应</span></h2>
      {detail.form.map((step) => (
        <div key={step.step} className="form-step">
          {detail.form.length > 1 && <h3>{step.title}</h3>}
          <dl>
            {step.fields.map((field) => (
              <div key={field.id} className={field.paper !== null && field.paper === lit ? "field lit" : "field"}>
                <dt>{field.label}</dt>
                <dd>
                  {field.value === "" ? <span className="quiet">没有填</span> : field.value}
                  {before.has(field.id) && before.get(field.id)?.value !== field.value && <p className="was">补正前（{clockOf(before.get(field.id)?.at ?? "", officeNow())} 改）：{before.get(field.id)?.value || "没有填"}</p>}
                  {field.error !== null && <p className="field-error">{field.error}</p>}
                </dd>
                <dd className="quiet">{field.source_word}</dd>
              </div>
            ))}
          </dl>
        </div>
      ))}
    </section>
  );
}
