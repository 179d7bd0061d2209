/** Why a part became what it did, for as long as the pointer rests on it. A click shows more. */

import { byId } from "./dom";
import type { Explanation } from "./engine";
import { reasonText } from "./explanations";
import type { Place } from "./result";

/** How long the pointer has rested on a part, in milliseconds. */
const PAUSE = 300;

export function startPeek(
  pane: HTMLElement, placeOf: (target: EventTarget | null) => Place | null, explain: (place: Place) => Promise<Explanation | null>,
): void {
  const box = byId("peek", HTMLElement);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let resting: Place | null = null;
  const hide = () => {
    clearTimeout(timer);
    resting = null;
    box.classList.remove("shown");
  };
  const show = async (place: Place) => {
    const explanation = await explain(place);
    if (explanation === null || resting !== place || !place.node.isConnected) return;
    const { part: { input }, output } = place.shown;
    box.textContent = `${input === output ? input : `${input} → ${output}`} · ${reasonText(explanation.reason)}`;
    box.classList.add("shown");
    const at = place.node.getBoundingClientRect();
    const { width, height } = box.getBoundingClientRect();
    box.style.left = `${Math.max(8, Math.min(at.left, innerWidth - width - 8))}px`;
    box.style.top = `${at.top > height + 8 ? at.top - height - 6 : at.bottom + 6}px`;
  };
  pane.addEventListener("pointerover", (event) => {
    hide();
    const place = event.pointerType === "mouse" ? placeOf(event.target) : null;
    if (place === null) return;
    resting = place;
    timer = setTimeout(() => void show(place), PAUSE);
  });
  for (const name of ["pointerleave", "pointerdown", "scroll"]) pane.addEventListener(name, hide, { passive: true });
}
