{% load static %}/* Opens the page of one door without a connection, and nothing else: its scope is that page alone. It holds the
   page and its parts, which tell of nobody; what the phone knows of guests it never sees. */
const CACHE = "coalition-door-{{ uuid }}";
const PAGE = "{% url 'events:press_phone' uuid %}";
const PARTS = new Set([
  "{% static 'door.css' %}",
  "{% static 'door.js' %}",
  "{% static 'scan.js' %}",
  "{% static 'icons.svg' %}",
  "{% static 'favicon.svg' %}",
  "{% static 'fonts/onest-latin.woff2' %}",
  "{% static 'fonts/onest-cyrillic.woff2' %}",
  "{% static 'fonts/onest-cyrillic-ext.woff2' %}",
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

/* What is kept is shown at once, however weak the connection is: it tells of nobody, and what the page then asks
   the server for is refused to who may not stand here. Meanwhile a newer one is fetched; refused, nothing of it
   is kept. */
async function page(event) {
  const cache = await caches.open(CACHE);
  const kept = await cache.match(PAGE);
  if (!kept) return fetch(event.request);
  event.waitUntil(
    fetched(cache, PAGE)
      .then(({ status }) => [403, 404].includes(status) && caches.delete(CACHE))
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
