/** Reasons in the language of the page. */

import { isKey, text } from "./language";
import type { Reason } from "./reasons";

export function reasonText(reason: Reason): string {
  const key = `reason-${reason.kind}`;
  return isKey(key) ? text(key, { text: reason.text }) : reason.text;
}
