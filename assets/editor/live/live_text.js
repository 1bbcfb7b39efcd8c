// @ts-check
/* One open text: its shared document, the connection, and whether everything written is saved. Messages
   beside the protocol: SAVED has the number of this socket's writes that are in the database, REFUSED why
   one was not accepted. Close codes 4400 to 4499 are final. */
import { readVarString, readVarUint } from "lib0/decoding";
import { WebsocketProvider } from "y-websocket";
import * as Y from "yjs";

import { UnsavedUpdates } from "./unsaved_updates.js";
import { CalmAwareness, Writes, countingSocket } from "./socket.js";

/** @import { TextConfig } from "../types" */

/**
 * What the page hears. `beforeRemoteUpdate` comes before words of others are applied.
 * @typedef {{ changed: () => void, beforeRemoteUpdate: () => void, ready: () => void, refused: (reason: string) => void,
 *   closed: (code: number) => void }} Listener
 */

const [SYNC, SAVED, REFUSED] = [0, 10, 11];
const TOO_LARGE = "too-large"; // as the server says it
const OFF_DEVICE = "off-device";
const [NOT_UNDERSTOOD, TOO_MANY] = [4400, 4429];
const ROOT = "text";
/** @type {Listener} */
const SILENCE = { changed() {}, beforeRemoteUpdate() {}, ready() {}, refused() {}, closed() {} };
const LONGEST_PAUSE = 5000; // ms between attempts to connect

export class LiveText {
  /**
   * @param {TextConfig} config
   * @param {Listener} on
   */
  constructor(config, on) {
    this.config = config;
    this.on = on;
    this.isParted = false;
    this.writes = new Writes();
    this.doc = new Y.Doc();
    this.fragment = this.doc.getXmlFragment(ROOT);
    this.unsent = false; // something was written that no socket has brought to the server
    this.final = 0; // the code it was closed with for good
    this.unsaved = new UnsavedUpdates(`${config.document}-${config.epoch}-${config.me.person}`, config.keeps);
    this.provider = new WebsocketProvider(socketsOf(window.location), `${config.document}/`, this.doc, {
      connect: false,
      disableBc: true, // another window of this browser may belong to another person
      awareness: new CalmAwareness(this.doc),
      params: { epoch: String(config.epoch) },
      maxBackoffTime: LONGEST_PAUSE,
      WebSocketPolyfill: countingSocket(
        this.writes,
        () => this.note(),
        () => this.on.refused(TOO_LARGE),
      ),
    });
    this.online = () => {
      if (!this.final) this.provider.connect();
    };
    this.offline = () => this.provider.disconnect();
    this.wire();
  }

  get awareness() {
    return this.provider.awareness;
  }

  get isConnected() {
    return this.provider.wsconnected && this.provider.synced;
  }

  /** Whether everything that was written here is in the database. */
  get isSaved() {
    return !this.unsent && !this.writes.arePending;
  }

  async open() {
    const kept = await this.unsaved.load();
    if (this.final) return;
    if (kept) {
      this.unsent = true;
      Y.applyUpdate(this.doc, kept, "kept");
    }
    this.provider.connect();
  }

  wire() {
    const { provider } = this;
    const sync = provider.messageHandlers[SYNC];
    provider.messageHandlers[SYNC] = (...frame) => {
      this.on.beforeRemoteUpdate();
      sync(...frame);
    };
    provider.messageHandlers[SAVED] = (_encoder, decoder) => {
      this.writes.saved = readVarUint(decoder);
      this.note();
    };
    provider.messageHandlers[REFUSED] = (_encoder, decoder) => {
      const reason = readVarString(decoder);
      if (reason === OFF_DEVICE) this.keepNothing();
      else this.on.refused(reason);
    };
    provider.on("sync", (synced) => {
      if (synced) this.on.ready();
      this.note();
    });
    provider.on("status", () => this.note());
    provider.on("connection-close", () => {
      if (this.writes.arePending) this.unsent = true;
    });
    provider.on("closed", ({ code }) => this.end(code));
    this.doc.on("update", (update, origin) => {
      if (origin === provider) return;
      if (origin !== "kept") this.unsaved.add(update);
      if (!provider.wsconnected) this.unsent = true;
      this.note();
    });
    window.addEventListener("online", this.online);
    window.addEventListener("offline", this.offline);
  }

  /* The save state may have changed. */
  note() {
    if (this.isConnected && this.writes.areSaved) {
      this.unsent = false;
      this.unsaved.clear();
    }
    this.on.changed();
  }

  /* Fewer people may read the text than when the page was loaded: unsaved edits stay on the page only, not
     on the device. */
  keepNothing() {
    this.config.keeps = false;
    this.unsaved.stopKeeping();
    this.on.changed();
  }

  /**
   * Closed for good by the server: nothing stays on this device, unless only too many windows were open.
   * Edits that the server could not parse wait for the page, which offers them to be copied.
   * @type {(code: number) => void}
   */
  end(code) {
    this.final = code;
    if (code === TOO_MANY) this.unsaved.close();
    else if (code !== NOT_UNDERSTOOD) this.unsaved.remove();
    this.on.closed(code);
  }

  /**
   * Ends the connection. The document stays as it is on the page.
   * @param {{ forget?: boolean }} [options] `forget`: with what is not saved
   */
  part({ forget = false } = {}) {
    if (this.isParted) return;
    this.isParted = true;
    this.on = SILENCE;
    window.removeEventListener("online", this.online);
    window.removeEventListener("offline", this.offline);
    this.final ||= 1000;
    this.provider.destroy();
    if (forget) this.unsaved.remove();
    else this.unsaved.close();
  }

  /**
   * Ends the connection, and the document with it.
   * @param {{ forget?: boolean }} [options]
   */
  close(options) {
    this.part(options);
    this.doc.destroy();
  }
}

/** @type {(place: Location) => string} */
const socketsOf = ({ protocol, host }) => `${protocol === "https:" ? "wss" : "ws"}://${host}/ws/drafts`;
