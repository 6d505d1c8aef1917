/** An instant from a wall clock of a zone ("2026-03-02 09:00:00.123456"); of an hour that comes twice the earlier, so that it is read again and not missed. */
export function instantOf(wall: string, timeZone: string): string {
  const plain = Temporal.PlainDateTime.from(wall.trim().replace(' ', 'T'));
  const { epochMilliseconds } = plain.toZonedDateTime(timeZone, { disambiguation: 'earlier' });
  return new Date(epochMilliseconds).toISOString();
}

/** What a zone's wall clock shows at an instant: "2026-03-02 09:00:00". */
export function wallOf(instant: string, timeZone: string): string {
  const zoned = Temporal.Instant.from(instant).toZonedDateTimeISO(timeZone);
  return zoned.toPlainDateTime().toString({ smallestUnit: 'second' }).replace('T', ' ');
}
