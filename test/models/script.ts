/** Takes the first that fits out of a script of what happens next; undefined where none does. */
export function takeNext<T>(script: T[], fits: (each: T) => boolean): T | undefined {
  const at = script.findIndex(fits);
  return at < 0 ? undefined : script.splice(at, 1)[0];
}
