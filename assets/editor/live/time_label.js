// @ts-check
/* Time of a suggestion in the reader's language: the time today, with the day before that. */

const DAY = 24 * 60 * 60 * 1000;
/** @type {(date: Date) => Date} */
const midnight = (date) => new Date(date.getFullYear(), date.getMonth(), date.getDate());

/** "14:30", "yesterday 17:38", "3 March, 17:38".
    @param {Date} date @param {string} lang @param {Date} [now] */
export function timeLabel(date, lang, now = new Date()) {
  const time = date.toLocaleTimeString(lang, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  const days = Math.round((midnight(now).getTime() - midnight(date).getTime()) / DAY);
  if (days <= 0) return time;
  if (days === 1)
    return `${new Intl.RelativeTimeFormat(lang, { numeric: "auto" }).format(-1, "day")} ${time}`;
  return `${date.toLocaleDateString(lang, { day: "numeric", month: "long" })}, ${time}`;
}
