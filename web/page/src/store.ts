/** What is kept in this browser. The page works without, as in private windows. */

const PREFIX = "fanjian-";

/** For how long: until the user removes it, or as long as the tab is there, also when it is loaded again. */
export type Lifetime = "browser" | "tab";

const storage = (lifetime: Lifetime): Storage => (lifetime === "browser" ? localStorage : sessionStorage);

/** What is kept under a name, or null. */
export function kept(name: string, lifetime: Lifetime = "browser"): string | null {
  try {
    return storage(lifetime).getItem(PREFIX + name);
  } catch {
    return null;
  }
}

/** Keeps a text under a name; null removes it. Returns whether it could: storage may be full, or not allowed. */
export function keep(name: string, value: string | null, lifetime: Lifetime = "browser"): boolean {
  try {
    if (value === null) storage(lifetime).removeItem(PREFIX + name);
    else storage(lifetime).setItem(PREFIX + name, value);
    return true;
  } catch {
    return false;
  }
}
