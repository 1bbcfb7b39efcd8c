/* Saving: the form is an ordinary form. With script it is sent in the background, so that a lost
   connection or an ended session leaves the words on the page, and the cursor stays where it is. */

const clock = () =>
  new Date().toLocaleTimeString(document.documentElement.lang, { timeStyle: "medium", hourCycle: "h23" });

export class Saving {
  /** `state` is the element that tells in words how things stand; its texts are its data attributes. */
  constructor({ form, state, body, read }) {
    Object.assign(this, { form, state, body, read });
    this.saved = this.snapshot();
    form.addEventListener("input", () => this.refresh());
    form.addEventListener("submit", (event) => this.submit(event));
    window.addEventListener("beforeunload", (event) => {
      if (this.unsaved && !this.leaving) event.preventDefault();
    });
    document.addEventListener("keydown", (event) => {
      if ((event.ctrlKey || event.metaKey) && !event.altKey && event.code === "KeyS") {
        event.preventDefault();
        form.requestSubmit();
      }
    });
  }

  /** Title, lead and text as one string: what has to be the same to count as saved. */
  snapshot() {
    this.body.value = this.read();
    const fields = [...this.form.elements].filter(
      (field) => field.name && field.type !== "hidden" && field.type !== "submit",
    );
    return JSON.stringify([this.body.value, ...fields.map((field) => [field.name, field.value])]);
  }

  get unsaved() {
    return this.snapshot() !== this.saved;
  }

  tell(state) {
    if (this.state.dataset.state === state) return;
    this.state.dataset.state = state;
    const words = this.state.getAttribute(`data-words-${state}`);
    this.state.textContent = words.replace("{time}", clock());
  }

  refresh() {
    if (this.state.dataset.state === "saving") return;
    if (this.unsaved) this.tell("unsaved");
    else if (this.state.dataset.state === "unsaved") this.tell("same");
  }

  async submit(event) {
    const sent = this.snapshot();
    const goesOn = "leaves" in this.form.dataset; // saving here is a step to another page
    if (goesOn || (event.submitter && !event.submitter.hasAttribute("data-save"))) {
      this.leaving = true; // the ordinary way: the page is left with all its words
      return;
    }
    event.preventDefault();
    if (this.state.dataset.state === "saving") return;
    this.tell("saving");
    try {
      let answer = await this.send();
      if (answer.status === 403 && (await this.renewToken())) answer = await this.send();
      await this.arrive(answer, sent);
    } catch {
      this.tell("offline");
    }
  }

  send() {
    return fetch(this.form.action, { method: "POST", body: new FormData(this.form) });
  }

  /* Signing in again, in another window, makes the token of this page old. Only the token is taken
     from the fresh page: the version check must still be against the words this person has read. */
  async renewToken() {
    const answer = await fetch(this.form.action);
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    const token = fresh.getElementById(this.form.id)?.elements.csrfmiddlewaretoken;
    if (token) this.form.elements.csrfmiddlewaretoken.value = token.value;
    else if (answer.redirected) this.signedOut = true;
    return Boolean(token);
  }

  /* A redirect back to this text is a yes. One to somewhere else is the sign-in page. An answer
     without a redirect is a page of its own (someone else saved in between, or a mistake in the
     form): the form is sent once more in the ordinary way, so that the person sees that page. */
  async arrive(answer, sent) {
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    const form = fresh.getElementById(this.form.id);
    if (answer.redirected && form) {
      this.takeOver(fresh, form);
      this.saved = sent;
      this.tell("saved");
      this.refresh();
    } else if (answer.redirected || this.signedOut) {
      this.signedOut = false;
      this.tell("signed-out");
    } else if (answer.status >= 500 || answer.status === 403) {
      this.tell("failed");
    } else {
      this.leaving = true;
      this.form.submit();
    }
  }

  /* What the server changed beside the words: the revision the next save is checked against, and
     the parts marked data-refresh. A save is one revision; if the page that comes back is further,
     somebody saved in the same moment. Then the old number stays, and the next save is compared. */
  takeOver(fresh, form) {
    for (const field of form.querySelectorAll("input[type=hidden][name]")) {
      const mine = this.form.elements[field.name];
      const overtaken = field.name === "base_revision" && Number(field.value) > Number(mine?.value) + 1;
      if (mine && !overtaken) mine.value = field.value;
    }
    for (const part of document.querySelectorAll("[data-refresh][id]")) {
      const theirs = fresh.getElementById(part.id);
      if (theirs) part.replaceChildren(...theirs.childNodes);
    }
  }
}
