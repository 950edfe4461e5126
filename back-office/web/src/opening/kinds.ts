// What the kinds of fields mean on the page. Pure.
import type { OpeningField } from "../api/openings";

/** More choices than this stand in a list that can be searched. */
const MANY = 6;

export function isLong(field: OpeningField): boolean {
  return !field.multiple && (field.choices?.length ?? 0) > MANY;
}

/** Is this a set of small controls under one caption? */
export function isGroup(field: OpeningField): boolean {
  return field.kind === "signature" || (field.kind === "choice" && !isLong(field));
}

/** The id of a field's control on the page. */
export function inputId(field: OpeningField): string {
  return `opening-${field.id}`;
}

/** Several options in one value. */
export function split(value: string): string[] {
  return value.split(",").filter((one) => one !== "");
}

const SIGNED: Record<string, string> = { signed: "已在机上签", shown: "已在纸上签", "cannot-sign": "本人不能签名" };

/** A value in words, for reading it back to the person; empty when there is none. */
export function inWords(field: OpeningField, value: string): string {
  if (value === "") return "";
  if (field.kind === "signature") return SIGNED[value] ?? "已签";
  if (field.kind === "declaration") return "已声明";
  if (field.choices === null) return value;
  return split(value).map((each) => field.choices?.find((one) => one.value === each)?.label ?? each).join("、");
}
