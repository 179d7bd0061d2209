/** Small helpers for elements. */

/** The element with this id, of the class that is expected. */
export function byId<T extends HTMLElement>(id: string, kind: new () => T): T {
  const found = document.getElementById(id);
  if (!(found instanceof kind)) throw new Error(`the page has no ${kind.name} '${id}'`);
  return found;
}

type Properties = Record<string, string | number | boolean | null | undefined | ((event: Event) => void)>;

/** A new element. Functions are listeners, `true` is an empty attribute, and `false`, null and undefined are none. */
export function element<K extends keyof HTMLElementTagNameMap>(
  name: K,
  properties: Properties = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (typeof value === "function") made.addEventListener(key, value);
    else if (value !== null && value !== undefined && value !== false) made.setAttribute(key, value === true ? "" : String(value));
  }
  made.append(...children);
  return made;
}

/** Gives a file to the user. */
export function save(name: string, contents: Blob): void {
  const address = URL.createObjectURL(contents);
  const link = element("a", { download: name, href: address });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

/** Copies a text. Returns whether the browser allows it. */
export async function copy(text: string): Promise<boolean> {
  try {
    // Pages that are not secure have no clipboard.
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

/** Calls a function once for several calls, `pause` milliseconds after the first of them. */
export function paced(pause: number, call: () => void): () => void {
  let isPlanned = false;
  return () => {
    if (isPlanned) return;
    isPlanned = true;
    setTimeout(() => {
      isPlanned = false;
      call();
    }, pause);
  };
}
