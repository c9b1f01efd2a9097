import { styleText } from 'node:util';

type Style = Parameters<typeof styleText>[0];

/** Colours on a terminal, plain text elsewhere and where NO_COLOR asks for it. */
const colourful = process.stdout.isTTY && !process.env['NO_COLOR'];

export function paint(style: Style, text: string): string {
  return colourful ? styleText(style, text) : text;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: that is what a colour begins with
const ESCAPES = /\u001b\[\d+m/g;

/** Columns that a text takes on the terminal. */
export function widthOf(text: string): number {
  return [...text.replace(ESCAPES, '')].length;
}

/** Cuts a text without colours to `width` columns, at its end or (for paths) at its start. */
export function shorten(text: string, width: number, cut: 'start' | 'end' = 'end'): string {
  const characters = [...text];
  if (characters.length <= width) return text;
  if (width < 1) return '';
  return cut === 'end'
    ? `${characters.slice(0, width - 1).join('')}…`
    : `…${characters.slice(characters.length - width + 1).join('')}`;
}
