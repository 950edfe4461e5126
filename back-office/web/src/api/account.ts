// What an officer asks about their own access: ways to sign in, passkeys, the second factor, sessions. One function each.
import { makePasskey, usePasskey } from "../session/passkey";
import { call } from "./http";
import type { Me, Moment } from "./types";

export type Way = "password" | "password-and-code" | "passkey" | "provider";

export interface Ways {
  /** Where passkeys work; null: nowhere. */
  passkey_origin: string | null;
  /** Name of the bureau's identity provider; null: none. */
  provider: string | null;
  demo: boolean;
}

export interface Passkey {
  id: string;
  name: string;
  added_at: Moment;
  used_at: Moment | null;
  /** It was copied, and is good for nothing any more. */
  locked: boolean;
}

export interface OwnSession {
  id: string;
  own: boolean;
  by: Way;
  address: string | null;
  begun: Moment;
  seen: Moment;
}

export interface Account {
  password_set_at: Moment | null;
  second_factor: { on: boolean; required: boolean; since: Moment | null; recovery_left: number };
  passkeys: Passkey[];
  sessions: OwnSession[];
  provider: boolean;
  now: Moment;
}

interface Ceremony {
  ceremony: string;
  options: unknown;
}

/** Where signing in through the bureau's identity provider begins. */
export const PROVIDER_PATH = "/v1/session/provider";

export const ways = (): Promise<Ways> => call("GET", "/v1/session/ways");
export const account = (signal?: AbortSignal): Promise<Account> => call("GET", "/v1/account", undefined, { signal });

async function answered(): Promise<{ ceremony: string; credential: unknown }> {
  const { ceremony, options } = await call<Ceremony>("POST", "/v1/session/passkey/begin");
  return { ceremony, credential: await usePasskey(options) };
}

export const signInByPasskey = async (): Promise<Me> => call("POST", "/v1/session/passkey", await answered());
export const proveByPasskey = async (): Promise<Me> => call("POST", "/v1/session/proof/passkey", await answered());
export const proveByPassword = (password: string, code: string): Promise<Me> =>
  call("POST", "/v1/session/proof", { password, ...(code === "" ? {} : { code }) });

export async function addPasskey(name: string): Promise<Passkey> {
  const { ceremony, options } = await call<Ceremony>("POST", "/v1/account/passkeys/begin");
  return call("POST", "/v1/account/passkeys", { ceremony, name, credential: await makePasskey(options) });
}
export const namePasskey = (id: string, name: string): Promise<void> => call("POST", `/v1/account/passkeys/${encodeURIComponent(id)}/name`, { name });
export const removePasskey = (id: string): Promise<void> => call("DELETE", `/v1/account/passkeys/${encodeURIComponent(id)}`);

export const beginFactor = (): Promise<{ secret: string; qr: string[] }> => call("POST", "/v1/account/second-factor");
export const confirmFactor = (code: string): Promise<{ codes: string[] }> => call("POST", "/v1/account/second-factor/confirm", { code });
export const removeFactor = (): Promise<void> => call("DELETE", "/v1/account/second-factor");
export const renewRecovery = (): Promise<{ codes: string[] }> => call("POST", "/v1/account/recovery-codes");

export const endSession = (id: string): Promise<void> => call("DELETE", `/v1/account/sessions/${encodeURIComponent(id)}`);
