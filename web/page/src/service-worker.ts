/** Answers from what it keeps of the page, of one build: its own files, and all data in the files that have all. */

/** The files that are kept from the beginning, and the name of the build: put in by the build. */
declare const FILES: readonly string[];
declare const BUILD: string;

// The types of a service worker exclude those of a page, for which the project is checked.
interface ExtendableEvent extends Event {
  waitUntil(promise: Promise<unknown>): void;
}
interface FetchEvent extends ExtendableEvent {
  readonly request: Request;
  respondWith(response: Promise<Response>): void;
}
declare const clients: { claim(): Promise<void> };
declare const registration: { readonly scope: string };

const PREFIX = "fanjian-page-";
const CACHE = PREFIX + BUILD;

addEventListener("install", (event) => {
  const all = caches.open(CACHE).then((cache) => cache.addAll(FILES.map((file) => new Request(file, { cache: "no-cache" }))));
  // A new build waits until the pages of the old one are closed, whose files it would remove.
  (event as ExtendableEvent).waitUntil(all);
});

addEventListener("activate", (event) => {
  const isOld = (name: string) => name.startsWith(PREFIX) && name !== CACHE;
  const removed = caches.keys().then((names) => Promise.all(names.filter(isOld).map((name) => caches.delete(name))));
  (event as ExtendableEvent).waitUntil(removed.then(() => clients.claim()));
});

async function answer(request: Request): Promise<Response> {
  const cache = await caches.open(CACHE);
  const kept = await cache.match(request, { ignoreSearch: true });
  if (kept) return kept;
  const found = await fetch(request);
  // Data for one purpose: it is smaller, and was asked for. Where there is no room for it, it is fetched again.
  if (found.ok) cache.put(request, found.clone()).catch(() => undefined);
  return found;
}

addEventListener("fetch", (event) => {
  const { request } = event as FetchEvent;
  if (request.method === "GET" && request.url.startsWith(registration.scope)) (event as FetchEvent).respondWith(answer(request));
});
