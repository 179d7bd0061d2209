import * as check from './check.js';
import { Converter, MOST_OF_PIECES } from './converter.js';
import { FanjianError } from './errors.js';
import type { ConverterOptions } from './options.js';
import { WeakEntries } from './weak.js';

export interface DomOptions {
  /** The elements that stay as they are, with all that is in them: a selector. */
  ignore?: string;
  /** The attributes that are converted. By default, those that documents have converted, and the labels of buttons in `value`. */
  attributes?: string[];
  /** What the attribute `lang` becomes, such as `zh-TW`, where it names Chinese. By default it stays. */
  lang?: string;
  /** Whether changes of the page are converted, too, as long as it is not restored. */
  observe?: boolean;
}

const OPTIONS = ['ignore', 'attributes', 'lang', 'observe'] as const satisfies (keyof DomOptions)[];

/** A part of a page that is converted. */
export interface ConvertedDom {
  /** Converts what has changed since the last time. With `observe`, that happens by itself. */
  update(): void;
  /** Undoes the conversion, but of what has been changed by others since. Nothing is converted any more. Idempotent. */
  restore(): void;
}

/** What has no text of a page, or text that is not prose: documents leave these, too. */
const LEFT =
  'script, style, template, noscript, iframe, object, canvas, math, svg, code, pre, kbd, samp, var, ' +
  '[translate="no"], .notranslate, [contenteditable=""], [contenteditable="true" i], [contenteditable="plaintext-only" i]';

const ATTRIBUTES = [
  'abbr', 'alt', 'aria-description', 'aria-label', 'aria-placeholder', 'aria-roledescription', 'aria-valuetext', 'label',
  'placeholder', 'summary', 'title', 'value',
];

/** Elements whose `value` is a label. That of others is input, or is for programs; that of a submit button with a name is sent. */
const BUTTONS = 'input[type="submit" i]:not([name]), input[type="reset" i], input[type="button" i]';

/** Elements within a line of text, over which words are converted. All others end a text. */
const INLINE = new Set(
  ('A ABBR ACRONYM B BDI BDO BIG CITE DATA DEL DFN EM FONT I INS LABEL MARK NOBR Q RB RUBY S SMALL SPAN STRIKE STRONG SUB SUP ' +
    'TIME TT U WBR').split(' '),
);

/** Readings of characters, and what is around them where they cannot be shown: no part of the text that they are in. */
const ASIDE = new Set(['RT', 'RTC', 'RP']);

/** Languages with Han characters that are not Chinese. */
const OTHER_LANGUAGE = /^(?!zh|cmn|yue|wuu|nan|hak|gan|hsn|lzh|$)/i;

/** How often something is converted again that others change back, before the page can do anything else. */
const MOST_ROUNDS = 10;

/** Conversions of nodes and attributes: what was there, and what took its place. */
interface Change {
  before: string;
  after: string;
}

/** A text that was converted as a whole, and how many of its nodes were not empty. */
interface Line {
  readonly nodes: number;
}

/** The conversion of a text node, together with others of its line. */
interface TextChange extends Change {
  line: Line;
  /** Its place among the nodes of the line. */
  place: number;
}

const tagOf = (element: Element): string => element.tagName.toUpperCase();

/** Whether a node is an element that ends the text before it. */
function isBlock(node: Node): boolean {
  return node.nodeType === 1 && !INLINE.has(tagOf(node as Element)) && !ASIDE.has(tagOf(node as Element));
}

/** Whether an element is within another one of these. */
function isWithinAny(element: Element, others: ReadonlySet<Element>): boolean {
  for (let around = element.parentElement; around !== null; around = around.parentElement) {
    if (others.has(around)) {
      return true;
    }
  }
  return false;
}

/** Those that are not restored, by their roots: the last one of a root comes last. */
const walkers = new WeakMap<Element, Walker[]>();
let walkersMade = 0;

class Walker implements ConvertedDom {
  readonly #root: Element;
  readonly #converter: Converter;
  readonly #ownsConverter: boolean;
  readonly #ignored: string;
  readonly #attributeNames: readonly string[];
  readonly #lang: string | undefined;
  readonly #texts = new WeakEntries<Text, TextChange>();
  readonly #attributes = new WeakEntries<Element, Map<string, Change>>();
  readonly #observer: MutationObserver | undefined;
  readonly #order = (walkersMade += 1);
  #isRestored = false;
  /** How often nodes were changed back since the page could do anything else. */
  #contested: Map<Node, number> | undefined;

  constructor(root: Element, converter: Converter, ownsConverter: boolean, options: DomOptions) {
    this.#root = root;
    this.#converter = converter;
    this.#ownsConverter = ownsConverter;
    this.#ignored = options.ignore === undefined ? LEFT : `${LEFT}, ${options.ignore}`;
    this.#attributeNames = options.attributes ?? ATTRIBUTES;
    this.#lang = options.lang;
    try {
      this.update();
    } catch (error) {
      this.restore();
      throw error;
    }
    walkers.set(root, [...(walkers.get(root) ?? []), this]);
    if (options.observe === true) {
      this.#observer = new MutationObserver((changes) => this.#changed(changes));
      this.#observer.observe(root, {
        attributes: true, attributeFilter: [...this.#attributeNames], characterData: true, childList: true, subtree: true,
      });
    }
  }

  update(): void {
    if (this.#isRestored) {
      throw new FanjianError('freed', 'the page has been restored: convert it anew by convertDom');
    }
    this.#convertWithin([this.#root]);
  }

  restore(): void {
    if (this.#isRestored) {
      return;
    }
    this.#isRestored = true;
    this.#observer?.disconnect();
    walkers.set(this.#root, (walkers.get(this.#root) ?? []).filter((walker) => walker !== this));
    for (const [node, { before, after }] of this.#texts) {
      if (node.data === after) {
        node.data = before;
      }
    }
    for (const [element, changes] of this.#attributes) {
      for (const [name, { before, after }] of changes) {
        if (element.getAttribute(name) === after) {
          element.setAttribute(name, before);
        }
      }
    }
    if (this.#ownsConverter) {
      this.#converter.free();
    }
  }

  /** Converts what has changed: blocks that were added, each on its own; else all of the block around. */
  #changed(changes: readonly MutationRecord[]): void {
    const blocks = new Set<Element>();
    for (const change of changes) {
      if (this.#leavesLines(change)) {
        change.addedNodes.forEach((node) => blocks.add(node as Element));
        continue;
      }
      const block = this.#blockAround(change.target);
      if (block !== null) {
        blocks.add(block);
      }
    }
    this.#convertWithin([...blocks].filter((block) => this.#root.contains(block) && !isWithinAny(block, blocks)));
  }

  /** Whether a change adds and removes blocks only, where a block or the edge of one ends the text on one side anyway. */
  #leavesLines({ type, target, addedNodes, removedNodes, previousSibling, nextSibling }: MutationRecord): boolean {
    if (type !== 'childList' || this.#blockAround(target) !== target || tagOf(target as Element) === 'TEXTAREA') {
      return false;
    }
    const endsText = (sibling: Node | null): boolean => sibling === null || isBlock(sibling);
    return (endsText(previousSibling) || endsText(nextSibling)) && [...addedNodes, ...removedNodes].every(isBlock);
  }

  /** The element whose text has that of a node in it: the first from it on that is not within a line, or the root, if any. */
  #blockAround(node: Node): Element | null {
    let element = node.nodeType === 1 ? (node as Element) : node.parentElement;
    while (element !== null && element !== this.#root && INLINE.has(tagOf(element))) {
      element = element.parentElement;
    }
    return element;
  }

  #convertWithin(elements: readonly Element[]): void {
    for (const element of elements) {
      if (!this.#isWithinLeft(element)) {
        const group: Text[] = [];
        this.#walk(element, group);
        this.#convert(group);
      }
    }
    // Not to be called for the own changes.
    this.#observer?.takeRecords();
  }

  /** Whether an element, or one around it, stays as it is. */
  #isWithinLeft(element: Element): boolean {
    for (let around: Element | null = element; around !== null; around = around.parentElement) {
      // What is around the root may be in another language, but may be converted by another one as a whole.
      if (this.#isOverruled(around) || (this.#root.contains(around) && this.#isLeft(around))) {
        return true;
      }
    }
    return false;
  }

  /** Whether the page is converted from this element on by another one that was made later. */
  #isOverruled(element: Element): boolean {
    const last = walkers.get(element)?.at(-1);
    return last !== undefined && last.#order > this.#order;
  }

  #isLeft(element: Element): boolean {
    const lang = element.getAttribute('lang');
    return element.matches(this.#ignored) || (lang !== null && OTHER_LANGUAGE.test(lang)) || this.#isOverruled(element);
  }

  #walk(element: Element, group: Text[]): void {
    this.#convertAttributes(element);
    // Its text is input.
    const children = tagOf(element) === 'TEXTAREA' ? [] : element.childNodes;
    for (const child of children) {
      if (child.nodeType === 3) {
        group.push(child as Text);
      } else if (child.nodeType === 1) {
        this.#walkChild(child as Element, group);
      }
    }
  }

  #walkChild(element: Element, group: Text[]): void {
    const tag = tagOf(element);
    if (INLINE.has(tag) && !this.#isLeft(element)) {
      this.#walk(element, group);
      return;
    }
    const isAside = ASIDE.has(tag);
    if (!isAside) {
      this.#convert(group.splice(0));
    }
    if (!this.#isLeft(element)) {
      const own: Text[] = [];
      this.#walk(element, own);
      this.#convert(own);
    }
  }

  /** Converts the text of nodes that a reader reads on without a break. */
  #convert(group: readonly Text[]): void {
    // What was converted is converted from what it was, as context of what is new.
    const nodes = group.map((node, place) => {
      const known = this.#texts.get(node);
      const before = known !== undefined && known.after === node.data ? known.before : node.data;
      return { node, known, place, before: before.toWellFormed() };
    });
    const filled = nodes.filter(({ before }) => before !== '');
    const last = filled[0]?.known?.line;
    // Where blocks have divided a line, or do not any more, or nodes were moved, the nodes are as they were, and the line is another.
    const isKnown = filled.every(({ node, known, place }) => known?.after === node.data && known.line === last && known.place === place);
    if (isKnown && filled.length === (last?.nodes ?? 0)) {
      return;
    }
    const line: Line = { nodes: filled.length };
    const converted = this.#converted(nodes.map(({ before }) => before));
    nodes.forEach(({ node, known, place, before }) => {
      const after = converted[place] as string;
      if (node.data !== after && known?.after === after && this.#isContested(node)) {
        return;
      }
      if (after === before) {
        this.#texts.delete(node);
      } else {
        this.#texts.set(node, { before, after, line, place });
      }
      if (node.data !== after) {
        node.data = after;
      }
    });
  }

  #converted(pieces: readonly string[]): string[] {
    const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
    if (length <= MOST_OF_PIECES) {
      return this.#converter.convertPieces([...pieces]);
    }
    return pieces.map((piece) => this.#converter.convert(piece));
  }

  #convertAttributes(element: Element): void {
    const changes = this.#attributes.get(element);
    for (const name of this.#attributeNames) {
      const value = element.getAttribute(name);
      const known = changes?.get(name);
      if (value === null || known?.after === value || (name === 'value' && !element.matches(BUTTONS))) {
        continue;
      }
      const after = this.#converter.convert(value.toWellFormed());
      if (known?.after !== after || !this.#isContested(element)) {
        this.#replace(element, name, value, after);
      }
    }
    const lang = element.getAttribute('lang');
    if (this.#lang !== undefined && lang !== null && lang !== '' && !OTHER_LANGUAGE.test(lang)) {
      this.#replace(element, 'lang', lang, this.#lang);
    }
  }

  #replace(element: Element, name: string, before: string, after: string): void {
    if (before === after) {
      return;
    }
    const changes = this.#attributes.get(element) ?? new Map<string, Change>();
    this.#attributes.set(element, changes.set(name, { before, after }));
    element.setAttribute(name, after);
  }

  /**
   * Whether others change a node back each time that it is converted, such as a converter of another program: observers call
   * each other before anything else in the page goes on, and it would never go on.
   */
  #isContested(node: Node): boolean {
    if (this.#contested === undefined) {
      this.#contested = new Map();
      setTimeout(() => (this.#contested = undefined));
    }
    const rounds = (this.#contested.get(node) ?? 0) + 1;
    this.#contested.set(node, rounds);
    return rounds > MOST_ROUNDS;
  }
}

/**
 * Converts the text of a part of a page, in place, and attributes that are shown. Words are converted over elements within a
 * line; code, preformatted text, form input and text in other languages stay. Where parts overlap, the one that was converted
 * last counts until it is restored. Where it throws an error, the page is as it was.
 *
 * `init` must have been awaited, with `dictionaries` where it was called for a configuration.
 */
export function convertDom(root: Element, by: Converter | ConverterOptions, options: DomOptions = {}): ConvertedDom {
  check.element(root, 'root');
  const checked = domOptions(root, options);
  const isConverter = by instanceof Converter;
  return new Walker(root, isConverter ? by : new Converter(by), !isConverter, checked);
}

function domOptions(root: Element, options: DomOptions): DomOptions {
  const { ignore, attributes, lang, observe } = check.options(options, 'the options of convertDom', OPTIONS);
  check.optional(lang, 'lang');
  check.optionalTexts(attributes, 'attributes');
  if (check.optional(ignore, 'ignore') !== undefined) {
    try {
      root.matches(`${LEFT}, ${ignore}`);
    } catch (error) {
      throw new FanjianError('syntax', `ignore must be a selector, and '${ignore}' is not: ${String(error)}`, { cause: error });
    }
  }
  if (check.flag(observe, 'observe') && typeof MutationObserver === 'undefined') {
    throw new FanjianError('unsupported', 'there is no MutationObserver here, which observe needs: call update() instead');
  }
  return options;
}
