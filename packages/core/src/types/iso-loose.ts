import { daysFromCivil, daysInMonth, firstDay, isLeapYear, lastDay, microsPerDay } from "./calendar.ts"
import { type IsoValue, microsOf, offsetMinutes, toTimestamp } from "./iso-parts.ts"

const zone = "(?<zone>Z|[+-]\\d\\d(?::?\\d\\d)?)?"
const fraction = "(?:[.,](?<fraction>\\d{1,9}))?"

/** Dates with hyphens take times with colons: `2024-01-02T10:00:00.5+02:00`, `2024-002 10:00`, `2024-W01-2`, `2024-01`, `2024`. */
const extended = new RegExp(
  `^(?<year>\\d{4})(?:-(?<month>\\d\\d)(?:-(?<day>\\d\\d))?|-(?<ordinal>\\d{3})|-W(?<week>\\d\\d)(?:-(?<weekday>\\d))?)?` +
    `(?:[T ](?<hour>\\d\\d)(?::(?<minute>\\d\\d)(?::(?<second>\\d\\d)${fraction})?)?${zone})?$`,
)

/** Dates without hyphens take times without colons (`20240102T100000.5Z`, `2024002`, `2024W012`), and `HH:MM`. */
const compact = new RegExp(
  `^(?<year>\\d{4})(?:(?<month>\\d\\d)(?<day>\\d\\d)|(?<ordinal>\\d{3})|W(?<week>\\d\\d)(?<weekday>\\d)?)` +
    `(?:[T ](?<hour>\\d\\d)(?:(?<minute>\\d\\d)(?:(?<second>\\d\\d)${fraction})?|:(?<minute2>\\d\\d))?${zone})?$`,
)

/** Times of day: `10:00`, `10:00:00.5+02:00`, `T10`, `T1000`, `T100000Z`, `T10:00`. */
const timeOnly = new RegExp(
  `^(?:(?<hour>\\d\\d):(?<minute>\\d\\d)(?::(?<second>\\d\\d)${fraction})?` +
    `|T(?<hour2>\\d\\d)(?:(?<minute2>\\d\\d)(?:(?<second2>\\d\\d)${fraction.replace("fraction", "fraction2")})?|:(?<minute3>\\d\\d))?)${zone}$`,
)

/** pendulum's "common" forms: `2024/01/02`, `2024/01/02 1:2:3`, `20240102 10:00:00`, `2024 10:00`, ` 1:2`; never with a zone. */
const common = new RegExp(
  `^(?:(?<year>\\d{4})(?:[/:]?(?<month>\\d\\d)[/:]?(?<day>\\d\\d))?)?` +
    `(?: ?(?<hour>\\d{1,2}):(?<minute>\\d{1,2})(?::(?<second>\\d{1,2}))?${fraction})?$`,
)

/** Every form that is not the fixed-width `YYYY-MM-DDTHH:MM:SS`. */
export function parseLooseIso(text: string): IsoValue | undefined {
  if (text.length > 40 || !/^[T ]?\d/.test(text)) return undefined
  const groups = (extended.exec(text) ?? compact.exec(text) ?? timeOnly.exec(text))?.groups
  const strict = groups === undefined || isYearWithTime(groups) ? undefined : toValue(text, groups)
  return strict ?? fromCommon(text)
}

type Groups = { readonly [name: string]: string | undefined }

/** `2024T10:00` has no month. */
function isYearWithTime(groups: Groups): boolean {
  return groups.hour !== undefined && groups.year !== undefined && !groups.month && !groups.ordinal && !groups.week
}

function fromCommon(text: string): IsoValue | undefined {
  const groups = common.exec(text)?.groups
  return groups === undefined || text === "" ? undefined : toValue(text, groups)
}

function toValue(text: string, groups: Groups): IsoValue | undefined {
  const days = groups.year === undefined ? undefined : dayOf(Number(groups.year), groups)
  if (groups.year !== undefined && days === undefined) return undefined
  const hour = groups.hour ?? groups.hour2
  if (hour === undefined) return days === undefined ? undefined : { kind: "date", days, micros: 0, hasZone: false }
  const minute = Number(groups.minute ?? groups.minute2 ?? groups.minute3 ?? 0)
  const second = Number(groups.second ?? groups.second2 ?? 0)
  if (Number(hour) > 23 || minute > 59 || second > 59) return undefined
  const digits = groups.fraction ?? groups.fraction2 ?? ""
  const offset = groups.zone === undefined ? 0 : offsetMinutes(text, text.length - groups.zone.length)
  if (offset === undefined) return undefined
  const micros = ((Number(hour) * 60 + minute - offset) * 60 + second) * 1_000_000 + microsOf(digits, 0, digits.length)
  const hasZone = groups.zone !== undefined
  if (days !== undefined) return toTimestamp(days, micros, hasZone)
  return { kind: "time", days: 0, micros: (micros + microsPerDay) % microsPerDay, hasZone }
}

function dayOf(year: number, groups: Groups): number | undefined {
  if (year < 1) return undefined
  if (groups.ordinal !== undefined) {
    const ordinal = Number(groups.ordinal)
    return ordinal < 1 || ordinal > (isLeapYear(year) ? 366 : 365) ? undefined : daysFromCivil(year, 1, 1) + ordinal - 1
  }
  if (groups.week !== undefined) return dayOfWeek(year, Number(groups.week), Number(groups.weekday ?? 1))
  const month = Number(groups.month ?? 1)
  const day = Number(groups.day ?? 1)
  if (month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return undefined
  return daysFromCivil(year, month, day)
}

/** Week 1 is the week of 4 January, and weeks start on Monday (ISO 8601). */
function dayOfWeek(year: number, week: number, weekday: number): number | undefined {
  if (week < 1 || weekday < 1 || weekday > 7) return undefined
  const monday = mondayOfFirstWeek(year) + (week - 1) * 7
  if (monday >= mondayOfFirstWeek(year + 1)) return undefined
  const days = monday + weekday - 1
  return days < firstDay || days > lastDay ? undefined : days
}

function mondayOfFirstWeek(year: number): number {
  const fourth = daysFromCivil(year, 1, 4)
  // day 0 was a Thursday
  return fourth - ((((fourth + 3) % 7) + 7) % 7)
}
