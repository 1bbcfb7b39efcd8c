/* {% load static %}Opens the page of packets of one design without a connection, and nothing else: its scope is that page alone.
   It holds the page and its parts. */
const CACHE = "coalition-cards-{{ uuid }}";
const PAGE = "{% url 'campaigns:card_hand' uuid %}";
const PATIENCE = 4000; // ms for which the network is waited for
const PARTS = new Set([
  "{% static 'cards.css' %}",
  "{% static 'cards.js' %}",
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

/* The network first, since the page shows whose phone it is and what is out; what is stored where it does not
   answer in time. Refused, nothing of it stays. */
async function page(event) {
  const cache = await caches.open(CACHE);
  const fresh = fetch(event.request).then(async (answer) => {
    if (answer.ok) await cache.put(PAGE, answer.clone());
    else if ([403, 404].includes(answer.status)) await caches.delete(CACHE);
    return answer;
  });
  event.waitUntil(fresh.catch(() => undefined));
  const kept = await cache.match(PAGE);
  if (!kept) return fresh;
  const late = new Promise((resolve) => setTimeout(() => resolve(kept), PATIENCE));
  return Promise.race([fresh.catch(() => kept), late]);
}

async function part(event, path) {
  const cache = await caches.open(CACHE);
  const kept = await cache.match(path);
  const newer = fetched(cache, path);
  if (!kept) return newer;
  event.waitUntil(newer.catch(() => undefined));
  return kept;
}
