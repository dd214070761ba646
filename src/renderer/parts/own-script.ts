/**
 * The address of one of the app's own scripts as `new Worker` takes it: the pages' security policy
 * wants it from a Trusted Types policy, which is called `name` here and knows this one address.
 */
export function ownScript(name: string, url: string): string {
  const { trustedTypes } = globalThis as typeof globalThis & {
    readonly trustedTypes?: {
      createPolicy(
        name: string,
        rules: { createScriptURL: (url: string) => string },
      ): { createScriptURL: (url: string) => string };
    };
  };
  const rules = { createScriptURL: () => url };
  return trustedTypes?.createPolicy(name, rules).createScriptURL(url) ?? url;
}
