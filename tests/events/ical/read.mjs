// Reads a calendar with ical.js from standard input and prints what happens between two moments as JSON.
// Arguments: the first and the last moment, as ISO 8601 in UTC.
import { readFileSync } from "node:fs";
import ICAL from "../../../node_modules/ical.js/dist/ical.js";

const [first, last] = process.argv.slice(2).map((moment) => new Date(moment).getTime());
const calendar = new ICAL.Component(ICAL.parse(readFileSync(0, "utf-8")));
for (const zone of calendar.getAllSubcomponents("vtimezone")) ICAL.TimezoneService.register(zone);

const found = [];
const parts = calendar.getAllSubcomponents("vevent");
const isException = (part) => part.hasProperty("recurrence-id");
const uid = (part) => part.getFirstPropertyValue("uid");
// Unless told otherwise, ical.js takes every RECURRENCE-ID of the calendar for one of each event.
const ownExceptions = (master) => parts.filter((part) => isException(part) && uid(part) === uid(master));
const masters = parts
  .filter((part) => !isException(part))
  .map((part) => new ICAL.Event(part, { exceptions: ownExceptions(part) }));
const iso = (time) => (time.isDate ? time.toString() : time.toJSDate().toISOString());
const tell = (item, start, end) => {
  if (end.toJSDate().getTime() < first || start.toJSDate().getTime() >= last) return;
  found.push({ uid: item.uid, title: item.summary, start: iso(start), end: iso(end), local: start.toString() });
};
for (const event of masters) {
  if (!event.isRecurring()) {
    tell(event, event.startDate, event.endDate);
    continue;
  }
  const iterator = event.iterator();
  for (let next = iterator.next(); next; next = iterator.next()) {
    if (next.toJSDate().getTime() >= last) break;
    const details = event.getOccurrenceDetails(next);
    tell(details.item, details.startDate, details.endDate);
  }
}
process.stdout.write(JSON.stringify(found));
