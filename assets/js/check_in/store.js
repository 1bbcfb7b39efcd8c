/** What a phone at the door holds, in IndexedDB: hashes of codes that are the phone's own, since when each is
    here, and what was pressed and is not sent yet. No names. One database an event; its name says which. */
export const PREFIX = "coalition-door-";
const STORES = ["kept", "guests", "queue"];
const ONE = "door";

const done = (request) =>
  new Promise((resolve, reject) => {
    request.addEventListener("success", () => resolve(request.result));
    request.addEventListener("error", () => reject(request.error));
  });

function ended(transaction) {
  return new Promise((resolve, reject) => {
    transaction.addEventListener("complete", () => resolve());
    for (const name of ["error", "abort"]) {
      transaction.addEventListener(name, () => reject(transaction.error));
    }
  });
}

async function opened(name) {
  const request = window.indexedDB.open(name, 1);
  request.addEventListener("upgradeneeded", () => {
    const database = request.result;
    database.createObjectStore("kept");
    database.createObjectStore("guests", { keyPath: "hash" }).createIndex("id", "id");
    database.createObjectStore("queue", { autoIncrement: true });
  });
  const database = await done(request);
  database.addEventListener("versionchange", () => database.close()); // another page lets it go
  return database;
}

const removed = (name) =>
  new Promise((resolve) => {
    const asked = window.indexedDB.deleteDatabase(name);
    for (const event of ["success", "error", "blocked"]) asked.addEventListener(event, resolve);
  });

export class Store {
  constructor(event) {
    this.name = PREFIX + event;
  }

  /** Begin one piece of work on all of it: nothing else comes between. */
  async work(mode = "readwrite") {
    this.database ??= await opened(this.name);
    const transaction = this.database.transaction(STORES, mode);
    const [kept, guests, queue] = STORES.map((name) => transaction.objectStore(name));
    return { kept, guests, queue, over: ended(transaction) };
  }

  /** What is known of the door itself; a phone that is new here gets its random number. */
  async door() {
    const { kept, over } = await this.work();
    let door = await done(kept.get(ONE));
    if (!door) {
      door = { phone: crypto.randomUUID(), number: 0 };
      kept.put(door, ONE);
    }
    await over;
    return door;
  }

  /** What is not sent yet, in the order in which it was pressed. */
  async queued() {
    const { queue } = await this.work("readonly");
    return done(queue.getAll());
  }

  /** How many are here, of how many. */
  async counts() {
    const { guests } = await this.work("readonly");
    const all = (await done(guests.getAll())).filter(({ state }) => state === "confirmed");
    return { here: all.filter(({ came }) => came).length, confirmed: all.length };
  }

  /** Somebody shows the code with this hash: what there is to say, and a tick in the queue if they are new. */
  async tick(hash, at = Date.now()) {
    const { guests, queue, over } = await this.work();
    const guest = await done(guests.get(hash));
    if (!guest) return { said: "unknown" };
    if (guest.state !== "confirmed") return { said: guest.state };
    if (guest.came) return { said: "before", at: guest.came };
    const mark = crypto.randomUUID();
    queue.add({ mark, guest: guest.id, at });
    guests.put({ ...guest, came: at });
    await over;
    return { said: "here", at, mark, guest: guest.id };
  }

  /** It was somebody else. */
  async takeBack({ mark, guest }) {
    const { guests, queue, over } = await this.work();
    queue.add({ mark: crypto.randomUUID(), takes_back: mark, guest, at: Date.now() });
    const row = await done(guests.index("id").get(guest));
    if (row) guests.put({ ...row, came: 0 });
    await over;
  }

  /** Take over what the server says: what it answered leaves the queue; what is still in the queue stands over
      what the server knows of them. */
  async take(list, answers = []) {
    const { kept, guests, queue, over } = await this.work();
    const answered = new Set(answers.map(({ mark }) => mark));
    const door = await done(kept.get(ONE));
    const [keys, entries] = await Promise.all([done(queue.getAllKeys()), done(queue.getAll())]);
    if (entries.every(({ mark }) => answered.has(mark))) queue.clear();
    else entries.forEach((entry, place) => answered.has(entry.mark) && queue.delete(keys[place]));
    if (answered.size) door.sent = Date.now();
    if (list.salt) {
      const held = list.whole ? [] : await done(guests.getAll());
      const rows = new Map(held.map((row) => [row.id, row]));
      if (list.whole) guests.clear();
      const { salt, rounds, number, until } = list;
      Object.assign(door, { salt, rounds, number, until, skew: list.clock - Date.now(), asked: Date.now() });
      for (const [hash, id, state, came] of list.guests) {
        const row = hash ? { hash, id } : rows.get(id);
        if (!row) {
          door.number = 0; // somebody new: the whole list is asked for
          continue;
        }
        rows.set(id, { ...row, state, came });
        guests.put(rows.get(id));
      }
      for (const entry of entries.filter(({ mark }) => !answered.has(mark))) {
        const row = rows.get(entry.guest);
        if (!row) continue;
        rows.set(row.id, { ...row, came: entry.takes_back ? 0 : row.came || entry.at });
        guests.put(rows.get(row.id));
      }
    }
    kept.put(door, ONE);
    await over;
    return door;
  }

  /** The list goes; what is not sent yet stays until it is: it tells nobody anything. */
  async forgetList() {
    const { kept, guests, over } = await this.work();
    guests.clear();
    const door = await done(kept.get(ONE));
    if (door) kept.put({ phone: door.phone, sent: door.sent, number: 0 }, ONE);
    await over;
  }

  async forgetAll() {
    this.database?.close();
    this.database = undefined;
    await removed(this.name);
  }
}

/** Somebody signs out: of every door the list goes, and all of it where nothing waits to be sent. */
export async function clearCheckInData() {
  const found = (await window.indexedDB?.databases?.().catch(() => [])) ?? [];
  const names = found.map(({ name }) => name).filter((name) => name?.startsWith(PREFIX));
  await Promise.all(
    names.map(async (name) => {
      const store = new Store(name.slice(PREFIX.length));
      if ((await store.queued()).length) await store.forgetList();
      else await store.forgetAll();
    }),
  );
  await Promise.all(names.map((name) => removeOfflinePage(name)));
}

/** The page does not open without a connection any more. */
export async function removeOfflinePage(name) {
  await window.caches?.delete(name);
  const registrations = (await navigator.serviceWorker?.getRegistrations?.()) ?? [];
  const event = name.slice(PREFIX.length);
  await Promise.all(
    registrations
      .filter(({ scope }) => scope.includes(`/events/${event}/press/door/`))
      .map((one) => one.unregister()),
  );
}
