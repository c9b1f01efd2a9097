/** Listens to the keys of {@link BINDINGS} and calls what the page offers for them. Off while somebody types. */
import { useEffect, useRef } from 'react';
import { type Action, BINDINGS } from './keys.ts';

type Handler = () => void;
type Handlers = Partial<Record<Action, Handler | undefined>>;

/** What is offered now; the last one comes first: a drawer before the list that it lies over. */
const offered: { current: Handlers }[] = [];

/**
 * Offers actions for as long as the component is there.
 * @param asLast behind all others, whoever came first: where a page and its frame begin at once, effects of the page run
 * first
 */
export function useActions(handlers: Handlers, { asLast = false }: { asLast?: boolean } = {}): void {
  const ref = useRef(handlers);
  ref.current = handlers;
  useEffect(() => {
    if (asLast) offered.push(ref);
    else offered.unshift(ref);
    return () => void offered.splice(offered.indexOf(ref), 1);
  }, [asLast]);
}

/** The handler of an action; undefined where the page does not offer it. */
function handlerOf(action: Action): Handler | undefined {
  return offered.find(({ current }) => current[action])?.current[action];
}

/** How long the second key of two may come after the first. */
const SEQUENCE_MS = 1_500;
let pending: { key: string; at: number } | undefined;

export function listenToKeys(): () => void {
  document.addEventListener('keydown', onKey);
  return () => document.removeEventListener('keydown', onKey);
}

function onKey(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.altKey || event.isComposing) return;
  const chord = (event.ctrlKey || event.metaKey) && !event.shiftKey ? `Ctrl+${event.key}` : undefined;
  if (chord === undefined && (event.ctrlKey || event.metaKey || isTyping(event.target))) return;
  if (chord === undefined && document.querySelector('dialog[open], [popover]:popover-open')) return;
  const first = pending && Date.now() - pending.at < SEQUENCE_MS ? pending.key : undefined;
  pending = undefined;
  const keys = chord ?? (first === undefined ? event.key : `${first} ${event.key}`);
  if (isPressed(event, keys)) return;
  const handler = BINDINGS.filter((binding) => binding.keys === keys)
    .map(({ action }) => handlerOf(action))
    .find((found) => found !== undefined);
  if (handler) {
    event.preventDefault();
    handler();
  } else if (BINDINGS.some((binding) => binding.keys.startsWith(`${keys} `))) {
    pending = { key: keys, at: Date.now() };
  }
}

/** Enter and Space do what the element that has the focus does with them. */
function isPressed({ target }: KeyboardEvent, keys: string): boolean {
  if (keys !== 'Enter' && keys !== ' ') return false;
  return (
    target instanceof HTMLElement &&
    target.closest('button, a, summary, [role="button"], [role="tab"]') !== null
  );
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || target.matches('input:not([type="checkbox"]), textarea, select'))
  );
}
