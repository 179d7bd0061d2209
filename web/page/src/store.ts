/** What is kept in this browser. The page works without, as in private windows. */

const PREFIX = "fanjian-";

/** What is kept under a name, or null. */
export function kept(name: string): string | null {
  try {
    return localStorage.getItem(PREFIX + name);
  } catch {
    return null;
  }
}

/** Keeps a text under a name; null removes it. */
export function keep(name: string, value: string | null): void {
  try {
    if (value === null) localStorage.removeItem(PREFIX + name);
    else localStorage.setItem(PREFIX + name, value);
  } catch {
    // Storage that is full or not allowed: the choice lasts until the page is closed.
  }
}
