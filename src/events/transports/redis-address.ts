/** Addresses of Redis, as REDIS_URL gives them. */

/**
 * The servers of a setting: one URL, or several with commas between them, of which the first that answers is asked for
 * the rest. Throws with one sentence when one of them is no URL of Redis.
 */
export function redisUrls(setting: string): string[] {
  const urls = setting.split(',').map((url) => url.trim());
  for (const url of urls) {
    // The driver takes anything else for the path of a socket, and then waits for it.
    if (!URL.canParse(url) || !/^rediss?:$/.test(new URL(url).protocol)) {
      throw new Error(`Not a Redis URL (redis://host:port): ${withoutCredentials(url)}`);
    }
  }
  return urls;
}

/** The URL of another server of the same cluster: same login, same encryption. */
export function sameLoginAt(url: string, host: string, port: number): string {
  const { protocol, username, password } = new URL(url);
  const login = username || password ? `${username}:${password}@` : '';
  return `${protocol}//${login}${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** For logs and errors. */
export function withoutCredentials(url: string): string {
  return url.replace(/\/\/[^@/]*@/, '//');
}
