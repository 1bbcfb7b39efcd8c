// How long the stock provider takes until it is in sync. Arguments: address of the sockets, document, session.
import WebSocket from "ws";
import { WebsocketProvider } from "y-websocket";
import * as Y from "yjs";

const [address, document, session] = process.argv.slice(2);
const { host } = new URL(address);

class Browser extends WebSocket {
  constructor(url, protocols) {
    super(url, protocols, { headers: { Cookie: `sessionid=${session}`, Origin: `http://${host}` } });
  }
}

const begun = performance.now();
const provider = new WebsocketProvider(address, `${document}/`, new Y.Doc(), {
  WebSocketPolyfill: Browser,
  disableBc: true,
});
provider.on("closed", ({ code, reason }) => {
  console.error(code, reason);
  process.exit(1);
});
provider.on("sync", (synced) => {
  if (!synced) return;
  console.log(JSON.stringify({ synced: performance.now() - begun }));
  provider.destroy();
  process.exit(0);
});
