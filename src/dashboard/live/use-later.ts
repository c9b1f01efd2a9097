import { useEffect, useState } from 'react';

/** Returns the text once nobody has typed for a moment: what is asked of the server follows it. */
export function useLater(text: string): string {
  const [later, setLater] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setLater(text), 150);
    return () => clearTimeout(timer);
  }, [text]);
  return later;
}
