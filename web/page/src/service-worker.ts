/** Answers from what it keeps of the page: all its files, of one build. */

/** The files of this build, and its name: put in by the build. */
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
  return (await cache.match(request, { ignoreSearch: true })) ?? fetch(request);
}

addEventListener("fetch", (event) => {
  const { request } = event as FetchEvent;
  if (request.method === "GET" && request.url.startsWith(registration.scope)) (event as FetchEvent).respondWith(answer(request));
});
