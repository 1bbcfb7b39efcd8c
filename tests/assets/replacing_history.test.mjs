/* Which clicks and forms replace the page's entry in the history. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { addressOfForm, addressOfLink } from "../../assets/js/replacing_history.js";

const Filled = globalThis.FormData; // there is no page here to read a form of
const HERE = { href: "https://site.example/kk/help/?region=KZ-75", origin: "https://site.example" };

function click(href, { target = "", download = false, ...more } = {}) {
  const { origin } = new URL(href);
  const link = { href, origin, target, hasAttribute: (name) => name === "download" && download };
  return { button: 0, target: { closest: () => link }, ...more };
}

function submit(attributes, fields = {}, { button = null, ...more } = {}) {
  const given = new Filled();
  for (const [name, value] of Object.entries(fields)) given.append(name, value);
  globalThis.FormData = class {
    constructor() {
      return given;
    }
  };
  const form = { getAttribute: (name) => attributes[name] ?? null };
  return { target: form, submitter: button, ...more };
}

const pressed = (attributes, formAction = "") => ({
  formAction,
  hasAttribute: (name) => name in attributes,
  getAttribute: (name) => attributes[name] ?? null,
});

test("a plain click on a link of this site replaces", () => {
  assert.equal(addressOfLink(click("https://site.example/ru/help/"), HERE), "https://site.example/ru/help/");
  assert.equal(addressOfLink(click("https://site.example/kk/help/#main"), HERE), "https://site.example/kk/help/#main");
  const own = click("https://site.example/ru/help/", { target: "_self" });
  assert.equal(addressOfLink(own, HERE), "https://site.example/ru/help/");
});

for (const [what, event] of [
  ["a call", click("tel:111")],
  ["a mail", click("mailto:help@site.example")],
  ["another site", click("https://wa.me/77000000000")],
  ["the same name without encryption", click("http://site.example/kk/help/")],
  ["a new window", click("https://site.example/kk/help/", { target: "_blank" })],
  ["a file to keep", click("https://site.example/kk/help/", { download: true })],
  ["the middle button", click("https://site.example/kk/help/", { button: 1 })],
  ["Ctrl", click("https://site.example/kk/help/", { ctrlKey: true })],
  ["Shift", click("https://site.example/kk/help/", { shiftKey: true })],
  ["a click that something else took", click("https://site.example/kk/help/", { defaultPrevented: true })],
  ["a click beside links", { button: 0, target: { closest: () => null } }],
])
  test(`${what} is left to the browser`, () => assert.equal(addressOfLink(event, HERE), ""));

test("a form by GET replaces, with what is filled in instead of the old query", () => {
  const event = submit({ action: "/kk/help/" }, { region: "KZ-79", language: "kk" });
  assert.equal(addressOfForm(event, HERE), "https://site.example/kk/help/?region=KZ-79&language=kk");
  assert.equal(addressOfForm(submit({}, { region: "" }), HERE), "https://site.example/kk/help/?region=");
});

for (const [what, event] of [
  ["a form by POST", submit({ method: "POST", action: "/kk/help/" })],
  ["a button that posts", submit({ action: "/kk/help/" }, {}, { button: pressed({ formmethod: "post" }) })],
  ["a form of another site", submit({ action: "https://elsewhere.example/" })],
  [
    "a button that leads to another site",
    submit({ action: "/kk/help/" }, {}, { button: pressed({ formaction: "" }, "https://elsewhere.example/") }),
  ],
  ["a form for a new window", submit({ action: "/kk/help/", target: "_blank" })],
  ["a form that something else took", submit({ action: "/kk/help/" }, {}, { defaultPrevented: true })],
])
  test(`${what} is left to the browser`, () => assert.equal(addressOfForm(event, HERE), ""));
