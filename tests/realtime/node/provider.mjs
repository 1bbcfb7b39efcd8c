// The stock WebsocketProvider, unmodified, as a page uses it. Told by lines of JSON on its input, tells by
// lines of JSON on its output. Arguments: server, document, session key, what the address adds.
import { createInterface } from "node:readline";
import * as decoding from "lib0/decoding";
import WebSocket from "ws";
import { WebsocketProvider } from "y-websocket";
import * as Y from "yjs";

const [place, document, session, params] = process.argv.slice(2);
const tell = (what) => process.stdout.write(`${JSON.stringify(what)}\n`);

// A browser sends these by itself.
class Browser extends WebSocket {
  constructor(url, protocols) {
    super(url, protocols, { headers: { Cookie: `sessionid=${session}`, Origin: `http://${place}` } });
    tell({ connecting: true });
  }
}

const doc = new Y.Doc();
const text = doc.getText("text");
const provider = new WebsocketProvider(`ws://${place}/ws/drafts`, `${document}/`, doc, {
  WebSocketPolyfill: Browser,
  params: JSON.parse(params),
  disableBc: true,
});
// Kinds of our own are the page's business.
provider.messageHandlers[10] = (_encoder, decoder) => tell({ saved: decoding.readVarUint(decoder) });
provider.messageHandlers[11] = (_encoder, decoder) => tell({ refused: decoding.readVarString(decoder) });
provider.on("sync", (synced) => tell({ synced }));
provider.on("connection-close", (event) => tell({ code: event?.code ?? 0 }));
provider.on("closed", ({ code, reason }) => tell({ ended: code, reason }));
provider.awareness.on("change", () => tell({ present: [...provider.awareness.getStates().values()] }));
text.observe(() => tell({ text: text.toString() }));

for await (const line of createInterface({ input: process.stdin })) {
  const { write, at, show } = JSON.parse(line);
  if (write) text.insert(at ?? text.length, write);
  if (show) provider.awareness.setLocalStateField("user", show);
}
provider.destroy();
process.exit(0);
