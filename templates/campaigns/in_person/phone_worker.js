{% load static %}/* Opens the page of one table without a connection, and nothing else: its scope is that page alone. It holds the
   page and its parts, which tell of nobody. */
const CACHE = "{{ cache }}";
const PAGE = "{{ page }}";
const PARTS = new Set([
  "{% static 'table.css' %}",
  "{% static 'table.js' %}",
  "{% static 'icons.svg' %}",
  "{% static 'favicon.svg' %}",
]);

self.addEventListener("install", (event) => {
  self.skipWaiting();
  event.waitUntil(keepAll());
});
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("fetch", (event) => {
  const { pathname, origin } = new URL(event.request.url);
  if (event.request.method !== "GET" || origin !== self.location.origin) return;
  if (event.request.mode === "navigate" && pathname === PAGE) event.respondWith(page(event));
  else if (PARTS.has(pathname)) event.respondWith(part(event, pathname));
});

async function keepAll() {
  const cache = await caches.open(CACHE);
  await Promise.all([PAGE, ...PARTS].map((path) => fetched(cache, path).catch(() => undefined)));
}

async function fetched(cache, path) {
  const answer = await fetch(path, { redirect: "manual" });
  if (answer.ok) await cache.put(path, answer.clone());
  return answer;
}

/* What is kept is shown at once, however weak the connection is; the page then asks how the table stands. Meanwhile
   a newer one is fetched; if the link opens nothing any more, nothing of it is kept. */
async function page(event) {
  const cache = await caches.open(CACHE);
  const kept = await cache.match(PAGE);
  if (!kept) return fetch(event.request);
  event.waitUntil(
    fetched(cache, PAGE)
      .then(({ status }) => [403, 404, 410].includes(status) && caches.delete(CACHE))
      .catch(() => undefined),
  );
  return kept;
}

async function part(event, path) {
  const cache = await caches.open(CACHE);
  const kept = await cache.match(path);
  const newer = fetched(cache, path);
  if (!kept) return newer;
  event.waitUntil(newer.catch(() => undefined));
  return kept;
}
