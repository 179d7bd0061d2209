/** Keeps the page in this browser, so that it opens without a network. */

import { byId } from "./dom";
import { onLanguage, text } from "./language";

export function startOffline(): void {
  // Pages that are not secure, such as files, have no service workers; the page works as long as its server does.
  if (!("serviceWorker" in navigator)) return;
  let isReady = false;
  const show = () => {
    byId("offline", HTMLElement).textContent = isReady ? text("offlineReady") : "";
  };
  onLanguage(show);
  navigator.serviceWorker.register("service-worker.js").then(() => navigator.serviceWorker.ready).then(() => {
    isReady = true;
    show();
  }, (error: unknown) => console.warn("the page cannot be kept for use without a network:", error));
}
