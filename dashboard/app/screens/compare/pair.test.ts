import { expect, test } from 'vitest';
import { pairOf } from './pair';

test('two environments are compared, or a version of one with what is served now', () => {
  expect(pairOf('dev...staging')).toEqual({ source: 'dev', version: null, target: 'staging' });
  expect(pairOf('staging@v12...staging')).toEqual({ source: 'staging', version: 12, target: 'staging' });
});

test.each(['dev', 'dev...', '...prod', 'dev...prod...eu', 'prod@v0...prod', 'prod@3...prod'])(
  '%s is no pair',
  (text) => {
    expect(pairOf(text)).toBeNull();
  },
);
