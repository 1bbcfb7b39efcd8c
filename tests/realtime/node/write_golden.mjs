// Writes tests/realtime/node/golden.json: frames as the real yjs and y-protocols make them, with what yjs
// itself reads in them. Run it again when one of the packages changes: `node tests/realtime/node/write_golden.mjs`.
import { writeFileSync } from "node:fs";
import * as encoding from "lib0/encoding";
import * as awarenessProtocol from "y-protocols/awareness";
import * as syncProtocol from "y-protocols/sync";
import * as Y from "yjs";

const hex = (bytes) => Buffer.from(bytes).toString("hex");

function frame(kind, write) {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, kind);
  write(encoder);
  return hex(encoding.toUint8Array(encoder));
}

function doc(client) {
  const made = new Y.Doc();
  made.clientID = client;
  return made;
}

// The runs of changes in an update, as yjs reads them: [client, first, end].
function runs(update) {
  const found = [];
  for (const struct of Y.decodeUpdate(update).structs) {
    if (struct.constructor.name === "Skip") continue;
    const { client, clock } = struct.id;
    const last = found.at(-1);
    if (last && last[0] === client && last[2] === clock) last[2] = clock + struct.length;
    else found.push([client, clock, clock + struct.length]);
  }
  return found;
}

function deletes(update) {
  const found = [];
  for (const [client, ranges] of Y.decodeUpdate(update).ds.clients) {
    found.push([client, Math.max(...ranges.map((range) => range.clock + range.len))]);
  }
  return found;
}

// A text as the editor keeps it: blocks, marks, attributes of every kind, deletions.
function typed() {
  const made = doc(7);
  const root = made.getXmlFragment("text");
  const title = new Y.XmlElement("title");
  title.insert(0, [new Y.XmlText("Қоғамдық бірлестік 🌷")]);
  const paragraph = new Y.XmlElement("paragraph");
  const words = new Y.XmlText("Мы требуем расследования — ");
  paragraph.insert(0, [words]);
  root.insert(0, [title, paragraph]);
  words.insert(3, "вместе 👩🏽‍⚖️ ", { bold: {}, insertion: { id: "a.b.c.1" } });
  words.format(0, 2, { link: { href: "https://example.org/бет" } });
  words.insertEmbed(1, { type: "break", level: 2.5, list: [1, "ә", null, true] });
  words.delete(5, 4);
  paragraph.setAttribute("level", 3);
  paragraph.setAttribute("nested", { a: [1, -1, 2.25, { b: null, c: false }], big: 9007199254740991 });
  const map = made.getMap("other");
  map.set("text", new Y.Text("іші"));
  map.set("list", Y.Array.from([1, "екі", [3]]));
  map.delete("list");
  return made;
}

const one = typed();
const whole = Y.encodeStateAsUpdate(one);
const two = doc(2 ** 32 - 1);
Y.applyUpdate(two, whole);
const parts = [];
two.on("update", (update) => parts.push(update));
for (const letter of "қазақ 🌷") two.getXmlFragment("text").get(1).get(0).insert(0, letter);
two.getXmlFragment("text").delete(0, 1);
const surrogates = doc(11);
surrogates.getText("text").insert(0, "a🌷b");
surrogates.getText("text").insert(2, "x"); // between the halves of the flower
const updates = {
  whole,
  empty: Y.encodeStateAsUpdate(doc(1)),
  "one letter": parts[0],
  "a deletion only": parts.at(-1),
  difference: Y.encodeStateAsUpdate(two, Y.encodeStateVector(one)),
  "both authors": Y.encodeStateAsUpdate(two),
  merged: Y.mergeUpdates(parts),
  "with a gap": Y.mergeUpdates([parts[0], parts[1], parts[4]]),
  "cut through a character": Y.encodeStateAsUpdate(surrogates),
};

const presence = new awarenessProtocol.Awareness(doc(21));
presence.setLocalState({ user: { name: "Әсем" }, cursor: { anchor: null, head: { type: { client: 7, clock: 2 } } } });
const gone = new awarenessProtocol.Awareness(doc(22));
gone.setLocalState(null);

writeFileSync(
  new URL("golden.json", import.meta.url),
  `${JSON.stringify(
    {
      step1: {
        frame: frame(0, (encoder) => syncProtocol.writeSyncStep1(encoder, two)),
        state: Object.fromEntries(Y.decodeStateVector(Y.encodeStateVector(two))),
      },
      step2: { frame: frame(0, (encoder) => syncProtocol.writeSyncStep2(encoder, one)), update: hex(whole) },
      updates: Object.fromEntries(
        Object.entries(updates).map(([name, update]) => [
          name,
          {
            frame: frame(0, (encoder) => syncProtocol.writeUpdate(encoder, update)),
            update: hex(update),
            runs: runs(update),
            deletes: deletes(update),
          },
        ]),
      ),
      awareness: {
        frame: frame(1, (encoder) =>
          encoding.writeVarUint8Array(encoder, awarenessProtocol.encodeAwarenessUpdate(presence, [21])),
        ),
        states: [{ client: 21, clock: presence.meta.get(21).clock, state: presence.getLocalState() }],
      },
      left: {
        frame: frame(1, (encoder) =>
          encoding.writeVarUint8Array(encoder, awarenessProtocol.encodeAwarenessUpdate(gone, [22], new Map())),
        ),
        states: [{ client: 22, clock: gone.meta.get(22)?.clock ?? 0, state: null }],
      },
      query: { frame: frame(3, () => {}) },
    },
    null,
    1,
  )}\n`,
);
presence.destroy(); // their clocks would keep the process
gone.destroy();
