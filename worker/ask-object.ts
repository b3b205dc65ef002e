/**
 * A question to an object that may be asked twice without harm. Where the runtime says that asking again helps, it is asked once
 * more; an overloaded object never is, because that is what overloads it: the visitor comes again later.
 */
import { Problem } from './problem.ts';

const OVERLOADED_RETRY_SECONDS = 3;

/** What the runtime tells about an object that did not answer. */
interface ObjectFault {
  retryable?: boolean;
  overloaded?: boolean;
}

/**
 * @param ask makes its own stub: one that has failed stays failed.
 * @throws Problem `busy` where the object is overloaded; whatever else the object threw.
 */
export async function askObject<T>(ask: () => Promise<T>): Promise<T> {
  try {
    try {
      return await ask();
    } catch (error) {
      if (!isWorthAskingAgain(error)) throw error;
      return await ask();
    }
  } catch (error) {
    if (!isOverloaded(error)) throw error;
    throw new Problem('busy', { retryAfterSeconds: OVERLOADED_RETRY_SECONDS, cause: error });
  }
}

function isWorthAskingAgain(error: unknown): boolean {
  return (error as ObjectFault | undefined)?.retryable === true && !isOverloaded(error);
}

function isOverloaded(error: unknown): boolean {
  return (error as ObjectFault | undefined)?.overloaded === true;
}
