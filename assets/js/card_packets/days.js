// @ts-check
/* Days in words. The names of months are the server's: browsers lack those of some languages, Kazakh among them. */

/**
 * A day as the server writes it, with the year where it is not the one of `today`.
 * @type {(day: string, today: string, months: string[]) => string}
 */
export function dayInWords(day, today, months) {
  const [year, month, number] = day.split("-").map(Number);
  const words = `${number} ${months[month - 1]}`;
  return year === Number.parseInt(today) ? words : `${words} ${year}`;
}

/**
 * Whether a packet may be due on this day: within the limits of its field, both included.
 * @type {(day: string, field: { min: string, max: string }) => boolean}
 */
export const isDueDay = (day, { min, max }) => min <= day && day <= max;
