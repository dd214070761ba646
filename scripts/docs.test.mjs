import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { inProject } from './project.mjs';

const pages = [
  ...readdirSync(inProject()).filter((name) => name.endsWith('.md')),
  ...readdirSync(inProject('docs'), { recursive: true })
    .map((name) => path.join('docs', String(name)))
    .filter((name) => name.endsWith('.md')),
  'bench/README.md',
];

/**
 * What a page names in the repository: its links, and paths in code that begin at the root.
 * @param {string} text
 */
function namedIn(text) {
  const links = [...text.matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)].map(([, link = '']) => link);
  const paths = [
    ...text.matchAll(/`((?:src|scripts|bench|e2e|docs|assets|training)\/[\w./-]*\w)\/?`/g),
  ].map(([, named = '']) => named);
  return { links: links.filter((link) => !/^[a-z]+:/.test(link)), paths };
}

test.each(pages)('%s names only files that are there', (page) => {
  const { links, paths } = namedIn(readFileSync(inProject(page), 'utf8'));
  const missing = [
    ...links.filter((link) => !existsSync(inProject(path.dirname(page), link))),
    ...paths.filter((named) => !existsSync(inProject(named))),
  ];
  expect(missing).toEqual([]);
});
