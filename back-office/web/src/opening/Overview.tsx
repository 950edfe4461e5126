// Before submitting: every answer once more, step by step; a step's title leads back to it.
import { Button } from "antd";
import type { OpeningField } from "../api/openings";
import { inWords } from "./kinds";
import { useOpenOpening } from "./opening-context";
import { shown } from "./typed";

export function Overview({ go }: { go: (place: string, field?: string) => void }): JSX.Element {
  const { opening, typed } = useOpenOpening();
  const said = (field: OpeningField): string => inWords(field, shown(typed, field));
  return (
    <div className="overview">
      <h2>请当面核对一遍</h2>
      {opening.steps.map((step) => (
        <section key={step.id} aria-label={step.title}>
          <h3><Button type="link" size="small" onClick={() => go(step.id)}>{step.title}</Button></h3>
          <dl>
            {step.fields.map((field) => (
              <div key={field.id} className={field.error === null ? "" : "wrong"}>
                <dt>{field.label}</dt>
                <dd>{said(field) === "" ? <span className="quiet">没有填</span> : said(field)}{field.error !== null && <span className="ofield-error">　{field.error}</span>}</dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
    </div>
  );
}
