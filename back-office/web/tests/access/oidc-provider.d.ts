// As much of the provider as the test uses; the package brings no types.
declare module "oidc-provider" {
  import type { RequestListener } from "node:http";
  export default class Provider {
    constructor(issuer: string, configuration: unknown);
    callback(): RequestListener;
  }
}
