"use strict";
(() => {
  const byId = (id) => document.getElementById(id);
  const data = JSON.parse(byId("data").textContent);
  const strings = JSON.parse(byId("strings").textContent);
  /** How many cards are shown at once. */
  const STEP = 50;
  const languages = Object.keys(strings);
  const preferred = { "zh-hk": "zh-TW", "zh-mo": "zh-TW", "zh-hant": "zh-TW", "zh": "zh-CN", "zh-sg": "zh-CN", "zh-hans": "zh-CN" };

  // What is kept belongs to these texts and this conversion.
  let fold = 5381;
  for (const character of JSON.stringify([data.options, data.files])) fold = (fold * 33 + character.codePointAt(0)) >>> 0;
  const STORE = `fanjian-review-${fold.toString(16)}`;
  const store = {
    get(key) { try { return localStorage.getItem(key); } catch { return null; } },
    set(key, value) { try { localStorage.setItem(key, value); } catch { /* The page works without. */ } },
  };

  // The decisions, by the keys of cards: { output, scope, word }.
  let decisions = {};
  // The contexts whose places are decided about one by one.
  let split = {};
  try {
    const kept = JSON.parse(store.get(STORE) ?? "{}");
    decisions = kept.decisions ?? {};
    split = kept.split ?? {};
  } catch { /* Something else is kept under this name. */ }
  let undone = [];
  let shown = STEP;
  let language = "en";

  const text = (key, values = {}) =>
    (strings[language][key] ?? key).replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
  const element = (name, properties = {}, ...children) => {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(properties)) {
      if (value === null || value === undefined) continue;
      if (key in made && !key.includes("-")) made[key] = value;
      else made.setAttribute(key, value);
    }
    made.append(...children);
    return made;
  };

  /** The cards: a context, or one of its places. */
  function cards() {
    const all = [];
    data.contexts.forEach((context, number) => {
      if (split[number]) {
        context.places.forEach((place, index) => all.push({ key: `${number}/${index}`, context, places: [place], count: 1 }));
      } else {
        all.push({ key: String(number), context, places: context.places, count: context.count });
      }
    });
    return all;
  }

  const output = (card) => decisions[card.key]?.output ?? card.context.output;
  const scopeOf = (card) => decisions[card.key]?.scope ?? (card.count > 1 ? "context" : "here");
  const sides = (card) => (card.places.length === 1 ? card.places[0] : card.context);

  /** The characters of a side, each with what it becomes. */
  function characters(parts) {
    const all = [];
    for (const part of parts) {
      const [source, converted] = typeof part === "string" ? [part, part] : part;
      const from = [...source];
      const to = [...converted];
      // A word of another length stands whole at its first character.
      from.forEach((character, at) => all.push([character, from.length === to.length ? to[at] : at === 0 ? converted : ""]));
    }
    return all;
  }

  /** The word around a place that is most likely meant: one that spoke in the decision, or the next character with it. */
  function likelyWord(card) {
    const { left, right } = sides(card);
    const before = characters(left).map(([source]) => source);
    const after = characters(right).map(([source]) => source);
    const phrases = card.context.candidates
      .flatMap((candidate) => candidate.why)
      .filter((why) => why.kind === "phrase")
      .map((why) => why.text)
      .sort((one, other) => other.length - one.length);
    for (const phrase of phrases) if (parseWord(card, phrase)) return phrase;
    const isHan = (character) => character !== undefined && /\p{Script=Han}/u.test(character);
    if (isHan(after[0])) return card.context.source + after[0];
    if (isHan(before.at(-1))) return before.at(-1) + card.context.source;
    return card.context.source;
  }

  /** The parts of a word before and behind the place, if the text has it there. */
  function parseWord(card, word) {
    const { left, right } = sides(card);
    const before = characters(left);
    const after = characters(right);
    const letters = [...word];
    for (let at = 0; at < letters.length; at++) {
      const head = letters.slice(0, at);
      const tail = letters.slice(at + 1);
      const fits =
        letters[at] === card.context.source &&
        head.length <= before.length && tail.length <= after.length &&
        head.every((letter, index) => before[before.length - head.length + index][0] === letter) &&
        tail.every((letter, index) => after[index][0] === letter);
      if (fits) {
        const outputs = (pairs) => pairs.map(([, converted]) => converted).join("");
        return {
          before: head.join(""), after: tail.join(""),
          converted: [outputs(before.slice(before.length - head.length)), outputs(after.slice(0, tail.length))],
        };
      }
    }
    return null;
  }
  const wordOf = (card) => decisions[card.key]?.word ?? likelyWord(card);

  /** Changes what is decided, in a way that can be undone. */
  function change(key, decision, focus) {
    undone.push([key, decisions[key] ?? null, { ...split }]);
    if (decision) decisions[key] = decision;
    else delete decisions[key];
    keep();
    update(key, focus);
  }

  function keep() {
    store.set(STORE, JSON.stringify({ decisions, split }));
  }

  function undo() {
    const last = undone.pop();
    if (!last) return;
    const [key, before, splitBefore] = last;
    const isSplit = JSON.stringify(split) !== JSON.stringify(splitBefore);
    split = splitBefore;
    if (before) decisions[key] = before;
    else delete decisions[key];
    keep();
    if (isSplit) list();
    update(key, true);
  }

  function choose(card, chosen, focus = true) {
    if (chosen === "") return;
    change(card.key, { output: chosen, scope: scopeOf(card), word: wordOf(card) }, focus);
  }

  // What is shown.

  function side(parts, which) {
    return characters(parts).map((pair) => pair[which]).join("");
  }

  function reason(why) {
    if (why.kind === "other") return text("otherReason", { text: why.text });
    const key = { phrase: "phrase", around: "around", alone: "alone", cantonese: "cantonese" }[why.kind];
    return text(key, { text: why.text });
  }

  function where(place) {
    const { path } = data.files[place.file];
    const position = place.line === null ? "" : place.column === null ? `:${place.line}` : `:${place.line}:${place.column}`;
    return (place.part === null ? path : `${path} › ${place.part}`) + position;
  }

  function cardElement(card) {
    const { context, places, count } = card;
    const around = sides(card);
    const decided = decisions[card.key];
    const current = output(card);
    // Nothing is certain.
    const share = Math.min(Math.floor(context.probability * 1000) / 10, 99.9).toLocaleString(language);
    const head = element("div", { className: "head" },
      element("b", {}, text("right", { share })),
      element("span", { className: "where" }, where(places[0])),
      ...(count > 1 ? [element("span", { title: places.map(where).join("\n") }, text("times", { count }))] : []));
    const converted = element("p", { className: "text", lang: data.options.to },
      side(around.left, 1), element("mark", {}, current), side(around.right, 1));
    const source = element("p", { className: "source", lang: "zh" },
      side(around.left, 0), element("mark", {}, context.source), side(around.right, 0));
    const choices = element("div", { className: "choices", role: "group" });
    context.candidates.forEach((candidate, index) => {
      const why = candidate.why.slice(0, 2).map(reason).join(language === "en" ? "; " : "；");
      choices.append(element("button", {
        type: "button", className: "choice", "aria-pressed": String(Boolean(decided) && current === candidate.text),
        onclick: () => choose(card, candidate.text),
      },
      element("span", { className: "key", "aria-hidden": "true" }, index < 9 ? String(index + 1) : ""),
      element("span", { className: "character", lang: data.options.to }, candidate.text),
      ...(candidate.text === context.output ? [element("span", { className: "proposed" }, text("proposed"))] : []),
      ...(why ? [element("span", { className: "why" }, why)] : [])));
    });
    const isOther = decided && !context.candidates.some((candidate) => candidate.text === current);
    const other = element("input", { className: "other", "aria-label": text("other"), placeholder: text("other"), value: isOther ? current : "" });
    other.addEventListener("change", () => { if (other.value !== "" && other.value !== output(card)) choose(card, other.value, false); });
    other.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && other.value !== "" && !event.isComposing) {
        event.preventDefault();
        find(card.key)?.focus({ preventScroll: true });
        choose(card, other.value);
      }
    });
    choices.append(other);
    const made = element("article", {
      className: decided ? "card decided" : "card", tabIndex: 0, "data-key": card.key,
      "aria-label": `${context.source} → ${current}: ${where(places[0])}`,
    }, head, converted, source, choices);
    if (decided || count > 1) made.append(scopeElement(card));
    return made;
  }

  function scopeElement(card) {
    const scope = scopeOf(card);
    const select = element("select", { "aria-label": text("applies") });
    const options = [
      ["here", card.count > 1 ? text("hereAll", { count: card.count }) : text("here")], ["context", text("context")], ["word", text("word")],
    ];
    for (const [value, label] of options) {
      // Places beyond those that are listed are not known one by one.
      const disabled = value === "here" && card.count > card.places.length;
      select.append(element("option", { value, disabled, selected: value === scope }, label));
    }
    const row = element("div", { className: "scope" }, element("span", {}, text("applies")), select);
    select.addEventListener("change", () => change(card.key, { output: output(card), scope: select.value, word: wordOf(card) }, false));
    if (scope === "word") {
      const word = element("input", { value: wordOf(card), "aria-label": text("word"), lang: "zh" });
      const fault = element("span", { role: "alert" });
      word.addEventListener("change", () => {
        if (parseWord(card, word.value)) change(card.key, { output: output(card), scope: "word", word: word.value }, false);
        else fault.textContent = text("wrongWord");
      });
      row.append(word, fault);
    }
    if (card.count > 1 && card.count === card.places.length) {
      row.append(element("button", {
        type: "button",
        onclick: () => {
          undone.push([card.key, decisions[card.key] ?? null, { ...split }]);
          split[card.key] = true;
          delete decisions[card.key];
          keep();
          list();
          focusOn(`${card.key}/0`);
        },
      }, text("split")));
    }
    return row;
  }

  function filtered() {
    const [file, character, state] = ["file", "character", "state"].map((id) => byId(id).value);
    return cards().filter((card) =>
      (file === "" || card.places.some((place) => String(place.file) === file)) &&
      (character === "" || card.context.source === character) &&
      (state === "all" || (state === "decided") === Boolean(decisions[card.key])));
  }

  let current = [];
  function list() {
    current = filtered();
    byId("list").replaceChildren(...current.slice(0, shown).map(cardElement));
    byId("more").hidden = current.length <= shown;
    byId("none").hidden = current.length > 0;
    byId("none").textContent = text(data.contexts.length > 0 ? "none" : "empty");
    byId("shown").textContent = text(current.length === 1 ? "shownOne" : "shown", { shown: current.length.toLocaleString(language) });
    progress();
  }

  function progress() {
    const all = cards();
    const done = all.filter((card) => decisions[card.key]).length;
    byId("progress").max = Math.max(all.length, 1);
    byId("progress").value = done;
    byId("done").textContent = text("done", { done: done.toLocaleString(language), all: all.length.toLocaleString(language) });
    byId("undo").disabled = undone.length === 0;
    byId("save").disabled = done === 0;
    byId("words").disabled = words().length === 0;
  }

  const find = (key) => document.querySelector(`[data-key="${CSS.escape(key)}"]`);

  /** Draws one card anew. */
  function update(key, focus) {
    const card = current.find((card) => card.key === key);
    const old = find(key);
    if (card && old) {
      const inside = document.activeElement;
      const hadFocus = old.contains(inside);
      // Where in the card the focus was, so that it stays there.
      const place = [...old.querySelectorAll("button, select, input")].indexOf(inside);
      const made = cardElement(card);
      old.replaceWith(made);
      if (hadFocus && place >= 0) (made.querySelectorAll("button, select, input")[place] ?? made).focus({ preventScroll: true });
      else if (focus || hadFocus) made.focus({ preventScroll: true });
    }
    progress();
  }

  function focusOn(key) {
    const card = find(key);
    if (!card) return;
    card.focus({ preventScroll: true });
    card.scrollIntoView({ block: "nearest" });
  }

  function focused() {
    const inside = document.activeElement?.closest?.("[data-key]");
    return inside ? current.find((card) => card.key === inside.dataset.key) : undefined;
  }

  function move(step) {
    const at = current.indexOf(focused());
    const next = at < 0 ? 0 : at + step;
    if (next < 0 || next >= current.length) return;
    if (next >= shown) {
      shown += STEP;
      list();
    }
    focusOn(current[next].key);
  }

  // What is saved.

  function saved() {
    const list = [];
    for (const card of cards()) {
      const decision = decisions[card.key];
      if (!decision) continue;
      const { source, near } = card.context;
      if (decision.scope === "here") {
        for (const place of card.places) {
          const { path, hash } = data.files[place.file];
          const entry = { scope: "here", path };
          if (place.part !== null) entry.part = place.part;
          if (place.line !== null) entry.line = place.line;
          list.push({ ...entry, source, before: place.before, after: place.after, occurrence: place.occurrence, output: decision.output, hash });
        }
      } else if (decision.scope === "word") {
        const word = parseWord(card, decision.word) ?? { before: "", after: "" };
        list.push({ scope: "word", source, before: word.before, after: word.after, output: decision.output });
      } else {
        list.push({ scope: "context", source, before: near[0], after: near[1], output: decision.output });
      }
    }
    return JSON.stringify({ fanjian_decisions: 1, options: data.options, decisions: list }, null, 1) + "\n";
  }

  /** The words of what was decided otherwise than proposed, or for words: key, tab, value. */
  function words() {
    const found = new Map();
    for (const card of cards()) {
      const decision = decisions[card.key];
      if (!decision || (decision.scope !== "word" && decision.output === card.context.output)) continue;
      const word = decision.word ?? likelyWord(card);
      const parts = parseWord(card, word);
      // A character alone would change too much, unless it was asked for.
      if (!parts || ([...word].length < 2 && decision.scope !== "word") || /[\t\n ]/.test(word + decision.output)) continue;
      if (!found.has(word)) found.set(word, parts.converted[0] + decision.output + parts.converted[1]);
    }
    return [...found].map(([word, value]) => `${word}\t${value}`);
  }

  function download(name, contents, type) {
    const link = element("a", { download: name, href: URL.createObjectURL(new Blob([contents], { type })) });
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  }

  // The language of the page.

  function translate() {
    document.documentElement.lang = language;
    document.title = `${text("title")} – fanjian`;
    for (const part of document.querySelectorAll("[data-text]")) part.textContent = text(part.dataset.text);
    const option = (value, label) => element("option", { value }, label);
    const keepValue = (id, options) => {
      const { value } = byId(id);
      byId(id).replaceChildren(...options);
      byId(id).value = value;
      if (byId(id).selectedIndex < 0) byId(id).selectedIndex = 0;
    };
    keepValue("file", [option("", text("allFiles")), ...data.files.map((file, number) => option(String(number), file.path))]);
    const counts = new Map();
    for (const context of data.contexts) counts.set(context.source, (counts.get(context.source) ?? 0) + 1);
    const sorted = [...counts].sort((one, other) => other[1] - one[1]);
    keepValue("character", [option("", text("allCharacters")), ...sorted.map(([source, count]) => option(source, `${source} (${count})`))]);
    list();
  }

  byId("target").textContent = data.options ? [data.options.to, data.options.vocabulary].filter(Boolean).join(", ") : "";
  // What was chosen here, the language of the command, that of the browser.
  const ofCommand = document.documentElement.lang;
  const wanted = store.get("fanjian-review-language") ?? (ofCommand === "en" ? navigator.language : ofCommand);
  const base = wanted.toLowerCase();
  language =
    languages.find((known) => known.toLowerCase() === base) ??
    preferred[base] ?? preferred[base.split("-").slice(0, 2).join("-")] ?? preferred[base.split("-")[0]] ?? "en";
  byId("language").value = language;
  byId("language").addEventListener("change", (event) => {
    language = event.target.value;
    store.set("fanjian-review-language", language);
    translate();
  });
  for (const id of ["file", "character", "state"]) {
    byId(id).addEventListener("change", () => {
      shown = STEP;
      list();
    });
  }
  byId("more").addEventListener("click", () => {
    const first = current[shown];
    shown += STEP;
    list();
    focusOn(first.key);
  });
  byId("undo").addEventListener("click", undo);
  byId("save").addEventListener("click", () => download("decisions.json", saved(), "application/json"));
  byId("words").addEventListener("click", () => download("words.txt", words().join("\n") + "\n", "text/plain"));
  byId("help").addEventListener("click", () => byId("keys").showModal());

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || byId("keys").open) return;
    if (event.target.closest("input, select, textarea")) {
      if (event.key === "Escape") event.target.closest("[data-key]")?.focus();
      return;
    }
    const card = focused();
    const keys = {
      "j": () => move(1), "ArrowDown": () => move(1), "k": () => move(-1), "ArrowUp": () => move(-1), "u": undo,
      "?": () => byId("keys").showModal(),
      "x": () => { if (card && decisions[card.key]) change(card.key, null, true); },
      "c": () => { if (card) find(card.key).querySelector(".other").focus(); },
    };
    let action = keys[event.key];
    if (/^[1-9]$/.test(event.key) && card) {
      const candidate = card.context.candidates[Number(event.key) - 1];
      if (candidate) action = () => { find(card.key).focus({ preventScroll: true }); choose(card, candidate.text); };
    } else if (event.key === "Enter" && card && event.target.closest("button") === null) {
      action = () => { choose(card, output(card)); move(1); };
    }
    if (action) {
      event.preventDefault();
      action();
    }
  });

  translate();
})();
