/** A refusal as the office would answer it. */
export class No extends Error {
  constructor(readonly status: number, readonly kind: string, readonly more: Record<string, unknown> = {}) {
    super(kind);
  }
}
