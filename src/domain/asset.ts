/** Assets: files and links that the attempts of a task produce. */

/** One asset as it is in the database. */
export interface AssetRow {
  /** UUIDv7: a later one of the same task sorts after it. */
  id: string;
  taskId: string;
  /** The attempt that produced it. */
  attempt: number;
  /** What it is, in the words of the application: report, image/png, … */
  type: string;
  /** A URL where `isUrl`, else an opaque path in a storage that the applications share. */
  location: string;
  isUrl: boolean;
  /** Of one with a URL: where it is in such a storage as well. */
  storagePath: string | null;
  /** Bytes, where it is known. */
  size: number | null;
  metadata: unknown;
  /** The identity whose worker attached it. */
  createdBy: string;
  createdAt: Date;
}

/** Bytes of a location at most, in UTF-8. */
export const MAX_LOCATION_BYTES = 2_048;

/** Schemes of URLs that run what they carry where they are opened: no setting allows them. */
export const DANGEROUS_SCHEMES: readonly string[] = ['javascript', 'data', 'vbscript', 'blob', 'filesystem'];

/**
 * Why a URL cannot be that of an asset, as the end of a sentence; null when it can.
 * @param schemes that are allowed, in lower case and without the colon
 */
export function urlFault(url: string, schemes: readonly string[]): string | null {
  const parsed = URL.canParse(url) ? new URL(url) : null;
  if (!parsed) return 'must be an absolute URL';
  const scheme = parsed.protocol.slice(0, -1);
  if (!schemes.includes(scheme)) return `must have one of the schemes ${schemes.join(', ')}`;
  // Whoever sees the task sees it.
  if (parsed.username || parsed.password) return 'must not carry a user name or a password';
  return null;
}
