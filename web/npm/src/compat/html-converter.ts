import * as check from '../check.js';

/** A part of a page that can be converted and restored. */
export interface HtmlConversion {
  convert(): void;
  restore(): void;
}

/** Attributes with text, each with the elements where they are converted. */
const ATTRIBUTES = [
  ['content', 'meta[name="description"], meta[name="keywords"]'],
  ['alt', 'img'],
  ['value', 'input[type="button" i]'],
  ['placeholder', '*'],
  ['aria-label', '*'],
] as const;

/** The class of elements that stay. */
const IGNORED = 'ignore-opencc';

/**
 * The conversion of the text in elements whose attribute `lang`, or that of the element around, is `from`: which becomes `to`.
 * Each text node is converted on its own, as the conversion is any function. Where that throws an error, the part of the page is as
 * it was.
 */
export function htmlConverter(convert: (text: string) => string, root: Element, from: string, to: string): HtmlConversion {
  check.callable(convert, 'the conversion');
  check.element(root, 'the root');
  check.text(from, 'the language that is converted');
  check.text(to, 'the language that it becomes');
  /** What undoes the changes. */
  const undo: (() => void)[] = [];

  function attribute(element: Element, name: string, after: string): void {
    const before = element.getAttribute(name) as string;
    if (before !== after) {
      element.setAttribute(name, after);
      undo.push(() => element.setAttribute(name, before));
    }
  }

  function attributes(element: Element): void {
    for (const [name, selector] of ATTRIBUTES) {
      const value = element.getAttribute(name);
      if (value !== null && element.matches(selector)) {
        attribute(element, name, convert(value));
      }
    }
  }

  function walk(element: Element, isAround: boolean): void {
    if (element.classList.contains(IGNORED) || element.matches('script, style')) {
      return;
    }
    const lang = element.getAttribute('lang');
    const isConverted = lang === null || lang === '' ? isAround : lang === from;
    if (isConverted) {
      if (lang === from) {
        attribute(element, 'lang', to);
      }
      attributes(element);
    }
    for (const child of [...element.childNodes]) {
      if (child.nodeType === 1) {
        walk(child as Element, isConverted);
      } else if (child.nodeType === 3 && isConverted) {
        text(child as Text);
      }
    }
  }

  function text(node: Text): void {
    const before = node.data;
    const after = convert(before);
    if (before !== after) {
      node.data = after;
      undo.push(() => {
        node.data = before;
      });
    }
  }

  /** Undoes the changes from this one on, the last first. */
  function undoFrom(first: number): void {
    undo.splice(first).reverse().forEach((change) => change());
  }

  return {
    convert() {
      const first = undo.length;
      try {
        walk(root, false);
      } catch (error) {
        undoFrom(first);
        throw error;
      }
    },
    restore() {
      undoFrom(0);
    },
  };
}
