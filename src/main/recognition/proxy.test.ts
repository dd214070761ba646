import { expect, test } from 'vitest';
import { goesThroughProxy } from './proxy.ts';

const azure = 'https://shop.cognitiveservices.azure.com';
const proxy = 'http://proxy.example:3128';

test.each([
  ['no proxy', azure, {}, false],
  ['a proxy', azure, { HTTPS_PROXY: proxy }, true],
  ['a proxy in small letters', azure, { https_proxy: proxy }, true],
  ['one proxy for both schemes', 'http://engine.example', { HTTPS_PROXY: proxy }, true],
  ['this machine', 'http://127.0.0.1:8600', { HTTP_PROXY: proxy }, false],
  ['this machine by name', 'http://localhost:8600', { ALL_PROXY: proxy }, false],
  ['this machine by IPv6', 'http://[::1]:8600', { ALL_PROXY: proxy }, false],
  ['a name that only begins like it', 'http://localhost.example', { ALL_PROXY: proxy }, true],
  [
    'an excepted machine',
    'http://engine.shop',
    { ALL_PROXY: proxy, NO_PROXY: 'x, engine.shop' },
    false,
  ],
  ['an excepted domain', 'http://engine.shop', { ALL_PROXY: proxy, no_proxy: '.shop' }, false],
  ['another domain', 'http://engine.workshop', { ALL_PROXY: proxy, NO_PROXY: '.shop' }, true],
  ['all excepted', azure, { ALL_PROXY: proxy, NO_PROXY: '*' }, false],
])('%s', (_name, endpoint, env, expected) => {
  expect(goesThroughProxy(endpoint, env)).toBe(expected);
});
