/* For a page of a test: the store of unsaved edits, and a text whose socket the test closes. */
import { createDecoder } from "lib0/decoding";
import { createEncoder, toUint8Array, writeVarString } from "lib0/encoding";
import * as Y from "yjs";

import { UnsavedUpdates } from "../../assets/editor/live/unsaved_updates.js";
import { LiveText } from "../../assets/editor/live/live_text.js";
import { wireSignOut } from "../../assets/js/sign_out.js";

const wordsOf = (update) => {
  if (!update) return null;
  const doc = new Y.Doc();
  Y.applyUpdate(doc, update);
  return doc.getText("words").toString();
};

const written = (words) => {
  const doc = new Y.Doc();
  doc.getText("words").insert(0, words);
  return Y.encodeStateAsUpdate(doc);
};

const opened = async (name, keeps) => {
  const unsaved = new UnsavedUpdates(name, keeps);
  return { unsaved, words: wordsOf(await unsaved.load()) };
};

/** Leaves words in the store, as a window that goes. */
window.leave = async (name, words) => {
  const { unsaved } = await opened(name, true);
  unsaved.add(written(words));
  unsaved.close();
};

/** The words in the store, as a window finds them that may keep there, or may not. */
window.find = async (name, keeps) => {
  const { unsaved, words } = await opened(name, keeps);
  unsaved.close();
  return words;
};

window.databases = async () => (await indexedDB.databases()).map(({ name }) => name);

const TEXT = { document: "text", epoch: 1, me: { person: "anna" }, keeps: true };
window.SHELF = "text-1-anna";

/** Opens the text, finds what was left there, and has its socket closed for good with this code. */
window.closeWith = async (code) => {
  const live = new LiveText(TEXT, { changed() {}, ready() {}, refused() {}, closed() {} });
  live.provider.connect = () => {};
  await live.open();
  live.end(code);
  live.close();
};

/** Opens the text, finds what was left there, is told this word by the server, and goes. */
window.tell = async (word) => {
  const live = new LiveText({ ...TEXT }, { changed() {}, ready() {}, refused() {}, closed() {} });
  live.provider.connect = () => {};
  await live.open();
  const frame = createEncoder();
  writeVarString(frame, word);
  live.provider.messageHandlers[11](null, createDecoder(toUint8Array(frame)));
  live.doc.getText("words").insert(0, "Later");
  live.close();
};

/** Presses the button that signs out. */
window.signOut = () => {
  document.body.innerHTML = '<form method="post" action="/out" data-leaves><button>Out</button></form>';
  wireSignOut();
  document.querySelector("button").click();
};

/** What the page hears and sends when somebody writes so many letters at once. */
window.write = (letters) => {
  const heard = [];
  const on = { changed() {}, ready() {}, refused: (reason) => heard.push(reason), closed() {} };
  const live = new LiveText({ ...TEXT, keeps: false }, on);
  const { _WS: Socket } = live.provider;
  const sent = [];
  Object.getPrototypeOf(Socket).prototype.send = (data) => new Uint8Array(data)[0] === 0 && sent.push(data);
  const socket = new Socket("ws://localhost:9/");
  Object.defineProperty(socket, "readyState", { value: WebSocket.OPEN });
  Object.assign(live.provider, { ws: socket, wsconnected: true });
  live.doc.getText("words").insert(0, "ж".repeat(letters));
  live.close();
  return { heard, sent: sent.length };
};
