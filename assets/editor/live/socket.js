// @ts-check
/* The WebSocket of the stock provider. It counts writes, since the server reports how many of this
   socket's writes are in the database, and merges writes in quick succession into one update: a key held
   down would otherwise exceed the server's limit of messages a second. */
import { createDecoder, readVarUint, readVarUint8Array } from "lib0/decoding";
import { createEncoder, toUint8Array, writeVarUint, writeVarUint8Array } from "lib0/encoding";
import { Awareness } from "y-protocols/awareness";
import { mergeUpdates } from "yjs";

const SYNC = 0;
const [STEP1, UPDATE] = [0, 2];
const BETWEEN = 40; // ms between two updates
const LARGEST = 1024 * 1024; // bytes of a frame: the server closes the socket on more
const BETWEEN_MOVES = 120; // ms between two places of the cursor

/** Counts STEP2 and UPDATE frames of the newest socket; `saved` is what the server said last. */
export class Writes {
  constructor() {
    this.sent = 0;
    this.saved = 0;
    /** @type {Uint8Array<ArrayBuffer>[]} */
    this.waiting = [];
  }

  /* A new socket counts anew. */
  begin() {
    this.sent = 0;
    this.saved = 0;
    this.waiting = [];
  }

  /** Whether something was written on this socket, and all of it is saved. */
  get areSaved() {
    return this.sent > 0 && this.saved >= this.sent && this.waiting.length === 0;
  }

  get arePending() {
    return this.waiting.length > 0 || this.saved < this.sent;
  }
}

/**
 * A WebSocket for `WebSocketPolyfill` of the provider.
 * @param {Writes} writes
 * @param {() => void} onSent hears of every write
 * @param {() => void} onTooLarge hears of one that the server would never take, however often it came: it is not sent
 */
export const countingSocket = (writes, onSent, onTooLarge) =>
  class extends WebSocket {
    /** @param {ConstructorParameters<typeof WebSocket>} given */
    constructor(...given) {
      super(...given);
      this.last = 0; // when something was sent
      /** @type {ReturnType<typeof setTimeout> | null} */
      this.timer = null;
      writes.begin();
    }

    /**
     * @override
     * @param {Uint8Array<ArrayBuffer>} data
     */
    send(data) {
      const frame = createDecoder(new Uint8Array(data));
      const part = readVarUint(frame) === SYNC ? readVarUint(frame) : STEP1;
      if (part === UPDATE) {
        writes.waiting.push(readVarUint8Array(frame));
        this.soon();
        onSent();
        return;
      }
      this.flush();
      if (part === STEP1) super.send(data);
      else this.write(data);
    }

    /** @type {(frame: Uint8Array<ArrayBuffer>) => void} */
    write(frame) {
      if (frame.byteLength > LARGEST) {
        onTooLarge();
        return;
      }
      super.send(frame);
      writes.sent += 1;
      onSent();
    }

    soon() {
      if (this.timer) return;
      const wait = this.last + BETWEEN - performance.now();
      if (wait <= 0) this.flush();
      else this.timer = setTimeout(() => this.flush(), wait);
    }

    flush() {
      clearTimeout(this.timer ?? undefined);
      this.timer = null;
      if (!writes.waiting.length || this.readyState !== WebSocket.OPEN) return;
      const frame = createEncoder();
      writeVarUint(frame, SYNC);
      writeVarUint(frame, UPDATE);
      writeVarUint8Array(frame, mergeUpdates(writes.waiting));
      writes.waiting = [];
      this.last = performance.now();
      this.write(toUint8Array(frame));
    }
  };

/** Awareness that throttles cursor moves. */
export class CalmAwareness extends Awareness {
  /** @type {ReturnType<typeof setTimeout> | null} */
  timer = null;
  /** What comes with the next one.
      @type {Record<string, unknown>} */
  coming = {};
  told = -Infinity; // when the others heard last

  /** @override @param {string} field @param {unknown} value */
  setLocalStateField(field, value) {
    this.coming = { ...this.coming, [field]: value };
    if (this.timer) return;
    const wait = this.told + BETWEEN_MOVES - performance.now();
    if (wait <= 0) this.tell();
    else this.timer = setTimeout(() => this.tell(), wait);
  }

  tell() {
    clearTimeout(this.timer ?? undefined);
    this.timer = null;
    this.told = performance.now();
    const [state, coming] = [this.getLocalState(), this.coming];
    this.coming = {};
    if (state !== null) this.setLocalState({ ...state, ...coming });
  }

  /** @override */
  destroy() {
    clearTimeout(this.timer ?? undefined);
    super.destroy();
  }
}
