/** What is kept in this browser. The page works without, as in private windows. */

const PREFIX = "fanjian-";

/** For how long: until the user removes it, or as long as the tab is there, also when it is loaded again. */
export type Place = "browser" | "tab";

const storage = (place: Place): Storage => (place === "browser" ? localStorage : sessionStorage);

/** What is kept under a name, or null. */
export function kept(name: string, place: Place = "browser"): string | null {
  try {
    return storage(place).getItem(PREFIX + name);
  } catch {
    return null;
  }
}

/** Keeps a text under a name; null removes it. Returns whether it could: storage may be full, or not allowed. */
export function keep(name: string, value: string | null, place: Place = "browser"): boolean {
  try {
    if (value === null) storage(place).removeItem(PREFIX + name);
    else storage(place).setItem(PREFIX + name, value);
    return true;
  } catch {
    return false;
  }
}
