// Words of one's own access.
import type { Way } from "../api/account";

export const WAY: Record<Way, string> = {
  password: "密码",
  "password-and-code": "密码和动态码",
  passkey: "通行密钥",
  provider: "统一身份认证",
};

/** What a new passkey is called until its owner says otherwise: the kind of computer it is added on. */
export function firstName(agent: string): string {
  if (/Windows/.test(agent)) return "Windows 电脑";
  if (/Mac OS/.test(agent)) return "苹果电脑";
  if (/UOS|Linux/.test(agent)) return "国产系统电脑";
  return "这台电脑";
}
