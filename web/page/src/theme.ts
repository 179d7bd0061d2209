/** Light, dark, or as the system has it. */

import { byId } from "./dom";
import { keep, kept } from "./store";

export function startTheme(): void {
  const select = byId("theme", HTMLSelectElement);
  const show = (theme: string) => {
    if (theme === "") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
  };
  const chosen = kept("theme");
  select.value = chosen === "light" || chosen === "dark" ? chosen : "";
  show(select.value);
  select.addEventListener("change", () => {
    keep("theme", select.value === "" ? null : select.value);
    show(select.value);
  });
}
