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
const PATIENCE = 4000; // ms that a weak connection may take to bring the page

self.addEventListener("install", (event) => {
  self.skipWaiting();
  event.waitUntil(keepAll());
});
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("fetch", (event) => {
  const { pathname, origin } = new URL(event.request.url);
  if (event.request.method !== "GET" || origin !== self.location.origin) return;
  if (event.request.mode === "navigate" && pathname === PAGE) event.respondWith(page(event.request));
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

/* The server's word counts while it can be reached: who may not open the door any more keeps nothing of it. */
async function page(request) {
  const cache = await caches.open(CACHE);
  const kept = await cache.match(PAGE);
  try {
    const answer = await fetch(request, kept ? { signal: AbortSignal.timeout(PATIENCE) } : {});
    if (answer.ok) await cache.put(PAGE, answer.clone());
    else if ([403, 404, 410].includes(answer.status)) {
      await caches.delete(CACHE);
      indexedDB.deleteDatabase(CACHE);
    } else if (answer.status >= 500 && kept) return kept;
    return answer;
  } catch {
    return kept ?? Response.error();
  }
}

async function part(event, path) {
  const cache = await caches.open(CACHE);
  const kept = await cache.match(path);
  const newer = fetched(cache, path);
  if (!kept) return newer;
  event.waitUntil(newer.catch(() => undefined));
  return kept;
}
