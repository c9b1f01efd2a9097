/** The executor repeats what graphql-js does, function by function: it is right for the major version that it was checked against. */
import { versionInfo } from 'graphql';

const SUPPORTED_MAJOR = 16;

/** The message says what to install. */
export class GraphqlVersionUnsupported extends Error {
  override readonly name = 'GraphqlVersionUnsupported';
}

/**
 * Called when a server starts.
 * @throws GraphqlVersionUnsupported when the installed graphql-js is of another major version
 */
export function checkGraphqlVersion({ major }: { major: number } = versionInfo): void {
  if (major === SUPPORTED_MAJOR) return;
  throw new GraphqlVersionUnsupported(
    `The package "graphql" is installed in version ${major}, but this server runs operations as version ${SUPPORTED_MAJOR} does. Install it again with "npm ci", or graphql@^${SUPPORTED_MAJOR}.`,
  );
}
