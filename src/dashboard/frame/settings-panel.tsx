import { changeSettings, type DisplaySettings, useSettings } from '../live/settings.ts';
import styles from './settings-panel.module.css';

export function SettingsPanel() {
  const now = useSettings();
  return (
    <div className={styles.panel}>
      <Choice
        name="theme"
        label="Theme"
        options={{ system: 'System', light: 'Light', dark: 'Dark' }}
        value={now.theme}
      />
      <Choice
        name="density"
        label="Rows"
        options={{ comfortable: 'Comfortable', compact: 'Compact' }}
        value={now.density}
      />
      <Choice
        name="times"
        label="Times"
        options={{ relative: 'Relative', local: 'Local', utc: 'UTC' }}
        value={now.times}
      />
      <Choice
        name="rows"
        label="Rows in a list"
        options={{ 100: '100', 500: '500', 1000: '1,000', 5000: '5,000' }}
        value={now.rows}
      />
    </div>
  );
}

function Choice<N extends Exclude<keyof DisplaySettings, 'widths'>>({
  name,
  label,
  options,
  value,
}: {
  name: N;
  label: string;
  options: Record<string, string>;
  value: DisplaySettings[N];
}) {
  return (
    <fieldset className={styles.choice}>
      <legend>{label}</legend>
      <div className={styles.options}>
        {Object.entries(options).map(([option, text]) => (
          <button
            key={option}
            type="button"
            aria-pressed={String(value) === option}
            onClick={() =>
              changeSettings({
                [name]: typeof value === 'number' ? Number(option) : option,
              } as Partial<DisplaySettings>)
            }
          >
            {text}
          </button>
        ))}
      </div>
    </fieldset>
  );
}
