/** Starts the page. */

import { startControls } from "./controls";
import { byId } from "./dom";
import { Files } from "./files";
import { setLanguage, startLanguage, type Language } from "./language";
import { startOffline } from "./offline";
import * as state from "./state";
import type { Conversion } from "./settings";
import { TextPanes } from "./text-panes";
import { startTheme } from "./theme";

/** What readers of this language are likely to want: their own script. */
function usualConversion(language: Language): Conversion {
  if (navigator.languages.some((tag) => /^(?:zh|yue)-(?:Hant-)?(?:HK|MO)\b/i.test(tag))) return "zh-HK";
  return language === "zh-CN" ? "zh-Hans" : "zh-TW";
}

startTheme();
const language = startLanguage();
state.startSettings(usualConversion(language));
startControls();
const files = new Files();
new TextPanes((file) => files.add([{ path: file.name, file }]));
const chooser = byId("language", HTMLSelectElement);
chooser.value = language;
chooser.addEventListener("change", () => setLanguage(chooser.value as Language));
startOffline();
