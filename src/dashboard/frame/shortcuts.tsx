/** The keys that work on every page, and the dialog that lists all of them. */
import { useNavigate } from '@tanstack/react-router';
import { useEffect } from 'react';
import { Dialog } from '../design/dialog.tsx';
import { changeSettings, nextTheme, settings } from '../live/settings.ts';
import { createObservedValue, useStore } from '../live/store.ts';
import { useViewer } from '../session/session.ts';
import { listenToKeys, useActions } from './keyboard.ts';
import { type Action, BINDINGS, type Binding, keyText } from './keys.ts';
import { openPalette } from './palette-state.ts';
import { sectionsOf } from './sections.ts';
import styles from './shortcuts.module.css';

const helpOpen = createObservedValue(false);

export function openHelp(): void {
  helpOpen.set(true);
}

export function useShortcuts(): void {
  const navigate = useNavigate();
  const { role } = useViewer();
  useEffect(listenToKeys, []);
  const goTo = Object.fromEntries(
    sectionsOf(role)
      .filter(({ key }) => key !== undefined)
      .map(({ key, path }) => [
        `go ${key}`,
        () =>
          void navigate({ to: path, search: ((now: { room?: string }) => ({ room: now.room })) as never }),
      ]),
  );
  const everywhere: Partial<Record<Action, () => void>> = {
    ...goTo,
    palette: () => openPalette('all'),
    filter: () => openPalette('all'),
    run: () =>
      void navigate({ to: '/jobs', search: ((now: { room?: string }) => ({ room: now.room })) as never }),
    rail: () => changeSettings({ rail: settings.get().rail === 'wide' ? 'narrow' : 'wide' }),
    theme: () => changeSettings({ theme: nextTheme(settings.get().theme) }),
    help: openHelp,
  };
  useActions(everywhere, { asLast: true });
}

const GROUPS: Binding['group'][] = ['Anywhere', 'Go to', 'In a list', 'On tasks', 'In a task'];

export function ShortcutsDialog() {
  if (!useStore(helpOpen)) return null;
  return (
    <Dialog title="Keys" wide onClose={() => helpOpen.set(false)}>
      <div className={styles.groups}>
        {GROUPS.map((group) => (
          <section key={group}>
            <h3>{group}</h3>
            <dl>
              {BINDINGS.filter((binding) => binding.group === group).map(({ keys, text }) => (
                <div key={keys} className={styles.line}>
                  <dt>
                    {keyText(keys).map((key) => (
                      <kbd key={key}>{key}</kbd>
                    ))}
                  </dt>
                  <dd>{text}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
