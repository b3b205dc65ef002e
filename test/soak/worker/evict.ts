/**
 * Where a test asks the witnessed Worker to end an object: `?binding=LEAD&id=…` or `?binding=GATE&name=…`. Answers whether it was up.
 */
export const EVICT_PATH = '/soak/evict';
