/** Short messages: shown for a moment, and read by screen readers. */

import { byId } from "./dom";

const SHOWN = 4000;
let timer: ReturnType<typeof setTimeout> | undefined;

/** Shows a message, and has it read when the reader is idle. */
export function announce(message: string): void {
  const place = byId("announcement", HTMLElement);
  place.textContent = message;
  place.classList.add("shown");
  clearTimeout(timer);
  timer = setTimeout(() => place.classList.remove("shown"), SHOWN);
}
