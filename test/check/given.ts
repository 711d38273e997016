import { expect, test } from '@jest/globals';
import type { Checked } from '../../src/check/checked.js';
import type { Finding } from '../../src/check/finding.js';
import { checkIssue } from '../../src/check/issue-check.js';
import { draft as draftOf } from '../support/draft.js';

export interface Given {
  /** `.md` or `.txt`. */
  name?: string;
  /** Put into the mail, before its foot. */
  html?: string;
  /** The whole mail, where another than the plain one is wanted. */
  mail?: string;
  textEdition?: string;
  siteUrl?: string;
  slugs?: string[];
  /** Bytes by path below `drafts/`. */
  pictures?: Record<string, number>;
}

export const foot = '<a href="{{unsubscribeUrl}}">Leave</a><p>Pier 1, Harbour</p>';

/** A draft, and a mail of it that has nothing but what the law asks for. */
export function checkedDraft(draft: string, given: Given = {}): Checked {
  const { article: read, refused = [] } = draftOf(draft, given.name ?? 'a-draft.md');
  if (!read) throw new Error('it is no draft');
  const mail =
    given.mail ??
    `<!doctype html><html><body style="color:#222;background-color:#fff">${given.html ?? ''}${foot}</body></html>`;
  return {
    article: read,
    issue: {
      path: read.path,
      slug: read.slug,
      subject: read.subject ?? read.title,
      preheader: read.preheader,
      mjml: '',
      html: mail,
      text: given.textEdition ?? 'Leave: {{unsubscribeUrl}}\n\nPier 1\nHarbour\n',
    },
    source: draft,
    refused,
    siteUrl: given.siteUrl ?? 'https://letters.harbour.example/',
    postalAddress: 'Pier 1, Harbour',
    slugs: new Set(given.slugs ?? ['a-draft']),
    pictureWeight(src) {
      const bytes = given.pictures?.[decodeURIComponent(src.replace(/[?#].*$/, ''))];
      return bytes === undefined ? undefined : { file: bytes, mail: bytes };
    },
  };
}

export const checkDraft = (draft: string, given: Given = {}): Promise<Finding[]> =>
  checkIssue(checkedDraft(draft, given));

/** `line level code` of each, as one reads them. */
export const told = (findings: Finding[]) =>
  findings.map(({ line, level, code }) => `${line ?? '-'} ${level} ${code}`);

export type Row = [sentence: string, expected: string, faulty: [string, Given?], clean: [string, Given?]];

/** A test a row: the faulty draft has the findings named, as `told` has them, and no other; the clean one has none. */
export function testRows(rows: Row[]): void {
  test.each(rows)('%s', async (_, expected, faulty, clean) => {
    expect(
      told(await checkDraft(...faulty))
        .sort()
        .join(','),
    ).toBe(expected);
    expect(await checkDraft(...clean)).toEqual([]);
  });
}

export const md = (text: string, front = '') => `---\ntitle: The Ferry\n${front}---\n\n${text}\n`;
export const para = 'The boat is late again.';
