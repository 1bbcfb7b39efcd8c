{% load i18n %}{% get_current_language as language %}/* Runs when the coalition wakes this browser. A push carries nothing, so it says one sentence and opens the
   inbox, behind its sign-in. */
const SENTENCE = "{% filter escapejs %}{% translate 'Something waits for you in the coalition' %}{% endfilter %}";
const INBOX = "{% url 'workspaces:inbox' %}";

self.addEventListener("install", () => self.skipWaiting());

self.addEventListener("push", (event) => {
  event.waitUntil(self.registration.showNotification(SENTENCE, { tag: "inbox", lang: "{{ language }}" }));
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(self.clients.openWindow(INBOX));
});
