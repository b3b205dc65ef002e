/**
 * An instant as it travels to browsers: ISO 8601 in UTC to the minute, `2026-12-01T09:00Z`. Pure.
 * @param instant milliseconds since 1970.
 */
export function instantText(instant: number): string {
  return `${new Date(instant).toISOString().slice(0, 16)}Z`;
}
