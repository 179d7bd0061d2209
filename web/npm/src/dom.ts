import { Converter, type ConverterOptions } from './converter.js';

export interface DomOptions {
  /** The elements that stay as they are, with all that is in them: a selector. */
  ignore?: string;
  /** The attributes that are converted. */
  attributes?: string[];
  /** What the attribute `lang` becomes, such as `zh-TW`, where it names Chinese. By default it stays. */
  lang?: string;
  /** Whether changes of the page are converted, too, as long as it is not restored. */
  observe?: boolean;
}

/** A part of a page that is converted. */
export interface ConvertedDom {
  /** Converts what has changed since the last time. With `observe`, that happens by itself. */
  update(): void;
  /** Undoes the conversion, but of what has been changed by others since. */
  restore(): void;
}

/** What has no text of a page, or text that is not prose: documents leave these, too. */
const LEFT =
  'script, style, template, noscript, iframe, object, canvas, math, svg, code, pre, kbd, samp, var, textarea, ' +
  '[translate="no"], .notranslate, [contenteditable=""], [contenteditable="true"]';

const ATTRIBUTES = ['alt', 'aria-description', 'aria-label', 'label', 'placeholder', 'summary', 'title'];

/** Elements within a line of text, over which words are converted. All others end a text. */
const INLINE = new Set(
  ('A ABBR ACRONYM B BDI BDO BIG CITE DATA DEL DFN EM FONT I INS LABEL MARK NOBR Q RB RUBY S SMALL SPAN STRIKE STRONG SUB SUP ' +
    'TIME TT U WBR').split(' '),
);

/** Languages with Han characters that are not Chinese. */
const OTHER_LANGUAGE = /^(?!zh|cmn|yue|wuu|nan|hak|gan|hsn|lzh|$)/i;

/** Conversions of nodes and attributes: what was there, and what took its place. */
interface Change {
  before: string;
  after: string;
}

class Walker implements ConvertedDom {
  readonly #root: Element;
  readonly #converter: Converter;
  readonly #ownsConverter: boolean;
  readonly #options: Required<Omit<DomOptions, 'lang'>> & { lang: string | undefined };
  readonly #texts = new Map<Text, Change>();
  readonly #attributes = new Map<Element, Map<string, Change>>();
  readonly #observer: MutationObserver | undefined;

  constructor(root: Element, converter: Converter, ownsConverter: boolean, options: DomOptions) {
    this.#root = root;
    this.#converter = converter;
    this.#ownsConverter = ownsConverter;
    this.#options = {
      ignore: options.ignore === undefined ? LEFT : `${LEFT}, ${options.ignore}`,
      attributes: options.attributes ?? ATTRIBUTES,
      lang: options.lang,
      observe: options.observe ?? false,
    };
    this.update();
    if (this.#options.observe) {
      this.#observer = new MutationObserver(() => this.update());
      this.#watch();
    }
  }

  #watch(): void {
    const attributeFilter = this.#options.attributes;
    this.#observer?.observe(this.#root, {
      attributes: true, attributeFilter, characterData: true, childList: true, subtree: true,
    });
  }

  update(): void {
    this.#forget();
    const group: Text[] = [];
    if (!this.#isLeft(this.#root)) {
      this.#walk(this.#root, group);
    }
    this.#convert(group);
    // Not to be told of the own changes.
    this.#observer?.takeRecords();
  }

  restore(): void {
    this.#observer?.disconnect();
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
    this.#texts.clear();
    this.#attributes.clear();
    if (this.#ownsConverter) {
      this.#converter.free();
    }
  }

  /** Forgets what is no longer in the page: it would never be freed. */
  #forget(): void {
    for (const node of [...this.#texts.keys(), ...this.#attributes.keys()]) {
      if (!node.isConnected && !this.#root.contains(node)) {
        this.#texts.delete(node as Text);
        this.#attributes.delete(node as Element);
      }
    }
  }

  #isLeft(element: Element): boolean {
    const lang = element.getAttribute('lang');
    return element.matches(this.#options.ignore) || (lang !== null && OTHER_LANGUAGE.test(lang));
  }

  #walk(element: Element, group: Text[]): void {
    this.#convertAttributes(element);
    for (const child of element.childNodes) {
      if (child.nodeType === 3) {
        group.push(child as Text);
      } else if (child.nodeType === 1) {
        const inner = child as Element;
        const name = inner.tagName.toUpperCase();
        // Readings of characters are not part of the text that they stand in.
        const isApart = !INLINE.has(name);
        if (isApart) {
          this.#convert(group.splice(0));
        }
        if (!this.#isLeft(inner)) {
          this.#walk(inner, group);
        } else if (!isApart) {
          this.#convert(group.splice(0));
        }
        if (isApart) {
          this.#convert(group.splice(0));
        }
      }
    }
  }

  /** Converts the text of nodes that a reader reads on without a break. */
  #convert(group: Text[]): void {
    // What was converted is converted from what it was, as context of what is new.
    const before = group.map((node) => {
      const known = this.#texts.get(node);
      return known !== undefined && known.after === node.data ? known.before : node.data;
    });
    const nodes = group.map((node, index) => ({ node, before: (before[index] as string).toWellFormed() }));
    if (nodes.every(({ node, before: text }) => text === '' || this.#texts.get(node)?.after === node.data)) {
      return;
    }
    const converted = this.#converter.convertPieces(nodes.map(({ before: text }) => text));
    nodes.forEach(({ node, before: text }, index) => {
      const after = converted[index] as string;
      if (after === text) {
        this.#texts.delete(node);
      } else {
        this.#texts.set(node, { before: text, after });
      }
      if (node.data !== after) {
        node.data = after;
      }
    });
  }

  #convertAttributes(element: Element): void {
    for (const name of this.#options.attributes) {
      const value = element.getAttribute(name);
      if (value !== null && this.#attributes.get(element)?.get(name)?.after !== value) {
        this.#replace(element, name, value, this.#converter.convert(value.toWellFormed()));
      }
    }
    const lang = element.getAttribute('lang');
    if (this.#options.lang !== undefined && lang !== null && lang !== '' && !OTHER_LANGUAGE.test(lang)) {
      this.#replace(element, 'lang', lang, this.#options.lang);
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
}

/**
 * Converts the text of a part of a page, in place, and attributes that are shown. Words are converted over elements within a
 * line; code, preformatted text, form input and text in other languages stay.
 *
 * `init` must have been awaited, with `dictionaries` where it was called for a configuration.
 */
export function convertDom(root: Element, by: Converter | ConverterOptions, options: DomOptions = {}): ConvertedDom {
  const isConverter = by instanceof Converter;
  return new Walker(root, isConverter ? by : new Converter(by), !isConverter, options);
}
