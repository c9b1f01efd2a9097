/** The mark: a line, a turnout and two lamps, as on the panel of a signal box. The same as mark.svg. */
export function Mark({ size = 26 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" fill="none" aria-hidden="true">
      <rect x=".5" y=".5" width="31" height="31" rx="7" fill="#14201b" stroke="#3a4d44" />
      <path d="M3 21h26" stroke="#dfe7e2" strokeWidth="3" />
      <path d="m8 21 9-10h12" stroke="#8fa39a" strokeWidth="3" strokeLinejoin="round" />
      <circle cx="23" cy="21" r="5" fill="#14201b" />
      <circle cx="23" cy="21" r="3.6" fill="#4fd584" />
      <circle cx="24" cy="11" r="2.6" fill="#f0b429" />
    </svg>
  );
}
