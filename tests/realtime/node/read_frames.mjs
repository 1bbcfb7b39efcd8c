// Reads frames that our server writes, one as hex a line, with the real y-protocols; answers with what it
// found in each, as one line of JSON.
import { createInterface } from "node:readline";
import * as decoding from "lib0/decoding";
import * as encoding from "lib0/encoding";
import * as awarenessProtocol from "y-protocols/awareness";
import * as syncProtocol from "y-protocols/sync";
import * as Y from "yjs";

function read(bytes) {
  const decoder = decoding.createDecoder(bytes);
  const kind = decoding.readVarUint(decoder);
  const found = { kind };
  if (kind === 0) {
    const doc = new Y.Doc();
    const answer = encoding.createEncoder();
    found.part = syncProtocol.readSyncMessage(decoder, answer, doc, null, (error) => {
      throw error;
    });
    found.text = doc.getText("text").toString();
    found.answers = encoding.length(answer) > 0;
  } else if (kind === 1) {
    const awareness = new awarenessProtocol.Awareness(new Y.Doc());
    awareness.setLocalState(null);
    awarenessProtocol.applyAwarenessUpdate(awareness, decoding.readVarUint8Array(decoder), null);
    found.states = Object.fromEntries(awareness.getStates());
    awareness.destroy();
  } else if (kind === 10) {
    found.saved = decoding.readVarUint(decoder);
  } else if (kind === 11) {
    found.refused = decoding.readVarString(decoder);
  }
  found.left = decoding.hasContent(decoder);
  return found;
}

for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(`${JSON.stringify(read(Buffer.from(line, "hex")))}\n`);
}
