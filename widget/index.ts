/** The entry of `/embed.js`: nothing is exported, nothing stays on the page but the element. */
import { define } from './define.ts';
import { scriptOrigin } from './page.ts';

define(scriptOrigin(document));
