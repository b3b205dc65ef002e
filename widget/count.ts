/** 0 … `length` - 1. Not by `Array.from`, which old scripts of a page (MooTools) replace with one that knows no second argument. */
export function count(length: number): number[] {
  return [...Array(length).keys()];
}
