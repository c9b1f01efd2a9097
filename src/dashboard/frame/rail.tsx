import { Link as RouterLink, useRouterState } from '@tanstack/react-router';
import { Code2, Menu, PanelLeftClose, PanelLeftOpen, Settings2 } from 'lucide-react';
import { Mark } from '../design/mark.tsx';
import { Popover } from '../design/popover.tsx';
import { changeSettings, useSettings } from '../live/settings.ts';
import { useViewer } from '../session/session.ts';
import { Link } from './link.tsx';
import styles from './rail.module.css';
import { type Section, sectionsOf } from './sections.ts';
import { SettingsPanel } from './settings-panel.tsx';

/** Of the bottom bar on narrow screens; what is more is behind "More". */
const IN_BAR = 4;

export function Rail() {
  const { rail } = useSettings();
  const sections = sectionsOf(useViewer().role);
  const path = useRouterState({ select: ({ location }) => location.pathname });
  const isBehindMore = sections.slice(IN_BAR).some((section) => path.startsWith(section.path));
  return (
    <nav className={styles.rail} data-width={rail} aria-label="Sections">
      <RouterLink to="/" className={styles.brand} aria-label="Signalbox: overview">
        <Mark />
        <span className={styles.label}>Signalbox</span>
      </RouterLink>
      <ul className={styles.items}>
        {sections.map((section, at) => (
          <li key={section.path} data-more={at >= IN_BAR || undefined}>
            <RailLink section={section} />
          </li>
        ))}
        <li className={styles.more}>
          <Popover
            className={`${styles.item} ${isBehindMore ? styles.present : ''}`}
            button={
              <>
                <Menu size={17} aria-hidden />
                <span className={styles.label}>More</span>
              </>
            }
          >
            {(close) => (
              <ul className={styles.moreItems}>
                {sections.slice(IN_BAR).map((section) => (
                  <li key={section.path}>
                    <RailLink section={section} onClick={close} />
                  </li>
                ))}
                <li>
                  <SettingsPanel />
                </li>
              </ul>
            )}
          </Popover>
        </li>
      </ul>
      <div className={styles.foot}>
        <Popover
          className={styles.item}
          label={rail === 'narrow' ? 'Settings' : undefined}
          button={
            <>
              <Settings2 size={17} aria-hidden />
              <span className={styles.label}>Settings</span>
            </>
          }
        >
          {() => <SettingsPanel />}
        </Popover>
        <a className={styles.item} href="/explorer" title={rail === 'narrow' ? 'API explorer' : undefined}>
          <Code2 size={17} aria-hidden />
          <span className={styles.label}>API explorer</span>
        </a>
        <button
          type="button"
          className={styles.item}
          aria-label={rail === 'wide' ? 'Collapse the rail' : 'Widen the rail'}
          title="["
          onClick={() => changeSettings({ rail: rail === 'wide' ? 'narrow' : 'wide' })}
        >
          {rail === 'wide' ? (
            <PanelLeftClose size={17} aria-hidden />
          ) : (
            <PanelLeftOpen size={17} aria-hidden />
          )}
          <span className={styles.label}>Collapse</span>
        </button>
      </div>
    </nav>
  );
}

function RailLink({
  section: { path, label, icon: Icon, key },
  onClick,
}: {
  section: Section;
  onClick?: () => void;
}) {
  return (
    <Link
      to={path}
      exact={path === '/'}
      className={styles.item}
      title={key === undefined ? label : `${label} (g ${key})`}
      onClick={onClick}
    >
      <Icon size={17} aria-hidden />
      <span className={styles.label}>{label}</span>
    </Link>
  );
}
