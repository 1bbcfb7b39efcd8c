// @ts-check
/* Giving out packets of cards and taking them back, on a phone. Works without a connection once it was opened
   with one: what is entered stays here until the server has answered it. Without script the forms are plain. */
import { copyOf, find, findAll, findOptional, jsonIn } from "../dom.js";
import { dayInWords, isDueDay } from "./days.js";
import { hintsAtPerson } from "./mark.js";
import { KINDS, Store, sumOf } from "./store.js";
import { ENDED, OFFLINE, ONLINE, PacketSync, SIGNED_OUT } from "./sync.js";

/** @typedef {import("./store.js").Entry} Entry */
/** @typedef {import("./store.js").Packet} Packet */

const SOON = 15_000; // until the next try while something waits
const page = find(document, "#hand");
/** @type {(id: string) => HTMLElement} */
const part = (id) => find(document, `#${id}`);
/** @type {Record<string, string>} */
const words = jsonIn(document, "#hand-words");
const store = new Store(String(page.dataset.key));
/** @type {string[]} */
const months = jsonIn(document, "#hand-months");
const give = find(document, "#give", HTMLFormElement);
const packetRow = find(document, "#packet-row", HTMLTemplateElement);
const entryRow = find(document, "#entry-row", HTMLTemplateElement);
let state = navigator.onLine ? "" : OFFLINE;
/** @type {Map<string, string>} */
const corrected = new Map(); // packet → id of the refused entry that its form corrects
let given = ""; // id of the refused entry that the form "give out" corrects

/** @type {(sentence: string, given: Record<string, string | number>) => string} */
const filled = (sentence, given) =>
  sentence.replaceAll(/\{(\w+)\}/g, (_all, name) => String(given[name] ?? ""));
/** @type {(day: string) => string} */
const dayWords = (day) => dayInWords(day, store.expected().today, months);

const sync = new PacketSync({
  state: String(page.dataset.state),
  entries: String(page.dataset.entries),
  store,
  after(told) {
    state = told;
    draw();
    if (told === ONLINE && page.dataset.worker)
      navigator.serviceWorker?.register(page.dataset.worker).catch(() => undefined);
  },
});

/** @type {(packet: Pick<Packet, "label" | "mark">) => string} */
function nameOf({ label, mark }) {
  const name = label ? filled(words.packet, { label }) : words.new_packet;
  return mark ? `${name} (${mark})` : name;
}

/** @type {(id: string) => string} */
function packetName(id) {
  const { numbers, queue } = store.read();
  const known = numbers?.packets.find((packet) => packet.id === id);
  const fresh = queue.find((entry) => entry.act === "give" && entry.id === id);
  return nameOf(known ?? { label: "", mark: fresh?.act === "give" ? fresh.mark : "" });
}

/** @type {(id: string) => number} */
const batchNumber = (id) => store.read().numbers?.batches.find((batch) => batch.id === id)?.number ?? 0;

/** @type {(entry: Entry) => string} */
function wordsOf(entry) {
  if (entry.act === "undo") return words.undoing;
  if (entry.act === "give") {
    const { quantity, due, mark } = entry;
    const values = { number: batchNumber(entry.batch), quantity, due: dayWords(due) };
    return filled(words.given, values) + (mark ? ` (${mark})` : "");
  }
  const counts = KINDS.filter((kind) => entry.counts[kind]).map((kind) =>
    filled(words[kind], { number: entry.counts[kind] }),
  );
  return `${packetName(entry.packet)}: ${counts.join(", ")}`;
}

function draw() {
  const { packets, batches, today } = store.expected();
  drawPackets(packets, today);
  drawBatches(batches);
  drawEntries();
  part("line").textContent = state ? (words[state] ?? "") : "";
  part("line").dataset.line = state === ONLINE ? "on" : "off";
  part("sign-in").hidden = state !== SIGNED_OUT;
  part("notice").hidden = state !== ENDED && state !== SIGNED_OUT;
  find(part("notice"), ".notice > :last-child").textContent = words[`${state}_why`] ?? "";
}

/** Rows of the same packets stay, with what is typed into them.
    @type {(packets: Packet[], today: string) => void} */
function drawPackets(packets, today) {
  const list = part("packets");
  const rows = new Map(findAll(list, "[data-packet]").map((row) => [row.dataset.packet, row]));
  const shown = packets.map((packet) => {
    const row = rows.get(packet.id) ?? newRow(packet);
    fillRow(row, packet, today);
    return row;
  });
  if (shown.some((row, place) => list.children[place] !== row) || list.children.length !== shown.length)
    list.replaceChildren(...shown);
  part("no-packets").hidden = shown.length > 0;
}

/** @type {(packet: Packet) => HTMLElement} */
function newRow(packet) {
  const row = copyOf(packetRow);
  row.dataset.packet = packet.id;
  for (const element of findAll(row, "[id], [for]")) {
    if (element.id) element.id += packet.id;
    if (element instanceof HTMLLabelElement) element.htmlFor += packet.id;
  }
  for (const input of findAll(row, "[aria-describedby]"))
    input.setAttribute("aria-describedby", `error-${packet.id}`);
  return row;
}

/** @type {(row: HTMLElement, packet: Packet, today: string) => void} */
function fillRow(row, packet, today) {
  find(row, ".packet__name").textContent = nameOf(packet);
  find(row, ".packet__left").textContent = filled(words.left, { number: packet.left });
  const late = packet.due < today;
  row.classList.toggle("packet--late", late);
  find(row, ".packet__due").textContent = filled(late ? words.overdue : words.due, { day: dayInWords(packet.due, today, months) });
  const form = find(row, "form", HTMLFormElement);
  form.dataset.left = String(packet.left);
  for (const kind of KINDS) numberIn(form, kind).max = String(packet.left);
}

/** @type {(batches: import("./store.js").Batch[]) => void} */
function drawBatches(batches) {
  const select = findOptional(give, "[name=batch]", HTMLSelectElement);
  for (const option of select?.options ?? []) {
    const batch = batches.find(({ id }) => id === option.value);
    if (batch) option.textContent = filled(words.batch, { number: batch.number, stock: Math.max(0, batch.stock) });
  }
}

function drawEntries() {
  const { queue } = store;
  const list = part("entries");
  list.replaceChildren(...queue.map((entry) => drawnEntry(entry, queue)));
  part("unsent").hidden = !queue.length;
  const waiting = queue.filter(({ why }) => !why).length;
  part("waiting").textContent = waiting ? filled(words.waiting, { number: waiting }) : words.all_sent;
  part("waiting").dataset.count = String(waiting);
}

/** @type {(entry: Entry, queue: Entry[]) => HTMLElement} */
function drawnEntry(entry, queue) {
  const row = copyOf(entryRow);
  row.dataset.entry = entry.id;
  find(row, ".entry__what").textContent = wordsOf(entry);
  find(row, ".entry__why").textContent = entry.why ? filled(words.refused, { why: entry.why }) : words.unsent;
  row.classList.toggle("entry--refused", Boolean(entry.why));
  const needed = queue.some((one) => one.act === "take_back" && one.packet === entry.id);
  find(row, "[data-do=undo]").hidden = Boolean(entry.why) || entry.act === "undo" || needed;
  find(row, "[data-do=correct]").hidden = !entry.why || entry.act === "undo";
  find(row, "[data-do=discard]").hidden = !entry.why || needed;
  return row;
}

/** @type {(form: HTMLFormElement, name: string) => HTMLInputElement} */
const numberIn = (form, name) => find(form, `[name=${name}]`, HTMLInputElement);

/** @type {(form: HTMLFormElement, sentence: string) => void} */
function complain(form, sentence) {
  const line = find(form, ".error");
  line.hidden = !sentence;
  find(line, "span").textContent = sentence;
}

/** @type {(form: HTMLFormElement) => Promise<void>} */
async function takeBack(form) {
  const packet = String(form.closest("[data-packet]")?.getAttribute("data-packet"));
  const counts = Object.fromEntries(KINDS.map((kind) => [kind, Number(numberIn(form, kind).value || 0)]));
  /** @type {import("./store.js").TakeBackEntry} */
  const entry = {
    id: corrected.get(packet) ?? crypto.randomUUID(),
    act: "take_back",
    at: Date.now(),
    packet,
    left: Number(form.dataset.left),
    counts,
    tried: false,
  };
  const sum = sumOf(entry);
  if (!sum) return complain(form, words.nothing);
  if (sum > entry.left) return complain(form, filled(words.too_many, { number: entry.left, sum }));
  corrected.set(packet, entry.id);
  const { isEntered, isWritten } = await enter(entry, form);
  if (isEntered || isWritten) corrected.delete(packet);
  if (!isEntered) return;
  form.reset();
  const details = form.closest("details");
  if (details) details.open = false;
}

async function giveOut() {
  const batch = find(give, "[name=batch]", HTMLSelectElement).value;
  const quantity = Number(numberIn(give, "quantity").value);
  const stock = store.expected().batches.find(({ id }) => id === batch)?.stock ?? 0;
  if (quantity > stock) return complain(give, filled(words.no_stock, { number: Math.max(0, stock) }));
  const markField = numberIn(give, "mark");
  const mark = markField.value.trim();
  if (hintsAtPerson(mark, markField.dataset)) return complain(give, words.no_name);
  const dueField = numberIn(give, "due_on");
  const due = dueField.value;
  if (!isDueDay(due, dueField)) return complain(give, words.wrong_due);
  given ||= crypto.randomUUID();
  const { isEntered, isWritten } = await enter(
    { id: given, act: "give", at: Date.now(), batch, quantity, due, mark, tried: false },
    give,
  );
  if (isEntered || isWritten) given = "";
  if (!isEntered) return;
  numberIn(give, "quantity").value = "";
  markField.value = "";
}

/** Store the entry, or send it at once where this phone cannot store it. If neither works it stays in its form,
    which says why. `isWritten`: its id is written with other values.
    @type {(entry: Entry, form: HTMLFormElement) => Promise<{ isEntered: boolean, isWritten: boolean }>} */
async function enter(entry, form) {
  if (!store.put(entry)) {
    part("no-storage").hidden = false;
    const unsent = { why: words.not_entered, is_written: false };
    const { why, is_written } = await sync.sendUnstored(entry).catch(() => unsent);
    if (why) {
      complain(form, why);
      return { isEntered: false, isWritten: is_written };
    }
  }
  complain(form, "");
  navigator.vibrate?.(30);
  draw();
  sync.run();
  return { isEntered: true, isWritten: false };
}

/** It may have reached the server: then that is taken back too.
    @type {(entry: Entry) => void} */
function undo(entry) {
  store.remove(entry.id);
  if (entry.tried)
    store.put({ id: crypto.randomUUID(), act: "undo", at: Date.now(), entry: entry.id, tried: false });
  draw();
  if (entry.tried) sync.run();
}

/** What was refused is not written anywhere: back into its form, to be sent under the same id, unless that is
    written with other values.
    @type {(entry: Entry) => void} */
function correct(refused) {
  const entry = store.renew(refused);
  drawEntries();
  if (entry.act === "give") {
    const select = findOptional(give, "[name=batch]", HTMLSelectElement);
    if (!select) return; // no open batch: the entry can only be discarded
    given = entry.id;
    select.value = entry.batch;
    numberIn(give, "quantity").value = String(entry.quantity);
    numberIn(give, "due_on").value = entry.due;
    numberIn(give, "mark").value = entry.mark;
    numberIn(give, "quantity").focus();
  } else if (entry.act === "take_back") {
    const row = findAll(document, "[data-packet]").find((one) => one.dataset.packet === entry.packet);
    if (!row) return complainAt(entry, words.gone);
    corrected.set(entry.packet, entry.id);
    find(row, "details", HTMLDetailsElement).open = true;
    const form = find(row, "form", HTMLFormElement);
    for (const kind of KINDS) numberIn(form, kind).value = String(entry.counts[kind] || "");
    numberIn(form, KINDS[0]).focus();
  }
}

/** @type {(entry: Entry, sentence: string) => void} */
function complainAt(entry, sentence) {
  const row = findAll(document, "[data-entry]").find((one) => one.dataset.entry === entry.id);
  if (row) find(row, ".entry__why").textContent = sentence;
}

/** @type {(entry: Entry) => void} */
function discard(entry) {
  store.remove(entry.id);
  draw();
}

/** @type {Record<string, (entry: Entry) => void>} */
const ACTS = { undo, correct, discard };

/** @type {(event: Event) => void} */
function pressed({ target }) {
  const button = target instanceof Element ? target.closest("[data-do]") : null;
  const id = button?.closest("[data-entry]")?.getAttribute("data-entry");
  const entry = store.queue.find((one) => one.id === id);
  if (entry) ACTS[button?.getAttribute("data-do") ?? ""]?.(entry);
}

/** @type {(event: SubmitEvent) => void} */
function submitted(event) {
  const form = event.target;
  if (!(form instanceof HTMLFormElement)) return;
  event.preventDefault();
  if (form === give) giveOut();
  else takeBack(form);
}

if ("randomUUID" in crypto) {
  part("no-storage").hidden = store.hasRoom();
  store.take(jsonIn(document, "#hand-numbers"));
  page.addEventListener("submit", submitted);
  part("entries").addEventListener("click", pressed);
  window.addEventListener("storage", draw);
  window.addEventListener("online", () => sync.run());
  window.addEventListener("offline", () => {
    state = OFFLINE;
    draw();
  });
  document.addEventListener("visibilitychange", () => document.hidden || sync.run());
  setInterval(() => document.hidden || sync.run(), SOON);
  draw();
  sync.run();
}
