import { describe, expect, it } from 'vitest';
import {
  checkGraphqlVersion,
  GraphqlVersionUnsupported,
} from '../../../src/server/graphql/execution/graphql-version.ts';

describe('the version of graphql-js', () => {
  it('is accepted as it is installed', () => {
    expect(() => checkGraphqlVersion()).not.toThrow();
  });

  it.each([15, 17])('is refused when it is %i, with what to install', (major) => {
    expect(() => checkGraphqlVersion({ major })).toThrow(GraphqlVersionUnsupported);
    expect(() => checkGraphqlVersion({ major })).toThrow(/version 1[57].*graphql@\^16/);
  });
});
