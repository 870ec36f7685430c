import { expect, it } from 'vitest';
import { isSecure } from '../../rules/is-secure.ts';

it.each([
  ['https://login.example.com/token', true],
  ['http://127.0.0.1:8080/token', true],
  ['http://localhost', true],
  ['http://[::1]:80/', true],
  ['http://login.example.com/', false],
  ['http://127.0.0.1.example.com/', false],
  ['http://localhost@example.com/', false],
  ['ftp://127.0.0.1/', false],
  ['login.example.com', false],
  ['', false],
])('A secret may be sent to "%s": %s', (url, expected) => {
  expect(isSecure(url)).toBe(expected);
});
