import { beforeAll, describe, expect, test } from '@jest/globals';
import { HtmlValidate, StaticConfigLoader } from 'html-validate';
import { cutAtSlots, cutTextAtSlots, fillHtml, fillText } from '../../src/issue/slots.js';
import type { Templates } from '../../src/templates.js';
import type { View } from '../../src/view.js';
import {
  address,
  frameOf,
  languages,
  leaving,
  openOurTemplates,
  ourThemeView,
  pages,
} from '../support/page-views.js';
import { makePublication } from '../support/publication.js';

let templates: Templates;
beforeAll(async () => {
  templates = await openOurTemplates();
});

const validator = new HtmlValidate(
  new StaticConfigLoader({
    root: true,
    extends: ['html-validate:recommended'],
    rules: { 'form-dup-name': ['error', { shared: ['radio', 'checkbox', 'button', 'submit'] }] },
  }),
);

async function mistakesIn(html: string): Promise<string[]> {
  const { results } = await validator.validateString(html);
  return results.flatMap(({ messages }) => messages.map(({ line, message }) => `${line}: ${message}`));
}

describe.each(languages)('what the server shows in %s', (language, dir) => {
  test.each(pages)('%s', async (_, template, view) => {
    const html = templates.render(`server/${template}.html`, { ...frameOf(language, dir), ...view });
    expect(await mistakesIn(html)).toEqual([]);
    expect(html).toContain(`<html lang="${language}" dir="${dir}">`);
    expect(html).toContain('<meta name="robots" content="noindex">');
    expect(html).toContain('<a href="../">');
    expect(html).not.toMatch(/<script|https?:|{|}|undefined|style="/);
    // Every place that is led to stays below the site, under whatever prefix it stands.
    expect([...html.matchAll(/(?:href|action|src)="([^"#]*)/g)].map(([, to]) => to)).not.toContainEqual(
      expect.stringMatching(/^\//),
    );
  });
});

const render = (template: string, view: View, language = 'en') =>
  templates.render(`server/${template}.html`, { ...frameOf(language, 'ltr'), ...view });

describe('the forms', () => {
  test('confirming is one sentence and one button', () => {
    const html = render('confirm', { kind: 'join', address, action: '12.tok' });
    expect(html.match(/<p>|<button|<input|<form method="post" action="12.tok">/g)).toEqual([
      '<p>',
      '<p>',
      '<form method="post" action="12.tok">',
      '<button',
      '<p>',
      '<p>',
    ]);
  });

  test('one who was refused finds what they typed, and what is wrong with it', () => {
    const html = render('join', { at: '12', error: 'address', email: 'ada@@x', name: 'Ada' }, 'de');
    expect(html).toContain('value="ada@@x"');
    expect(html).toContain('value="Ada"');
    const [, described] = /aria-describedby="([^"]+)" aria-invalid="true"/.exec(html) ?? [];
    expect(html).toContain(`id="${described}" role="alert">An diese Adresse`);
  });

  test('one who was too fast has one button, and all else hidden', () => {
    const html = render('join', { at: '12', again: true, email: address, name: 'Ada' });
    expect(html.match(/<input[^>]*>/g)).toEqual([
      `<input type="hidden" name="email" value="${address}">`,
      '<input type="hidden" name="name" value="Ada">',
      '<input type="hidden" name="at" value="12">',
    ]);
    expect(html.match(/<button/g)).toHaveLength(1);
  });

  const deedsIn = (view: View) =>
    [...render('leave', view).matchAll(/name="do" value="(\w+)"/g)].map(([, deed]) => deed);

  test('leaving comes first; what else can be asked for fits who asks', () => {
    expect(deedsIn(leaving)).toEqual(['leave', 'topics', 'pause', 'move', 'export', 'erase']);
    const paused = { ...leaving, pausedUntil: '2026-12-20T10:00:00Z', hasTopics: false, topics: [] };
    expect(deedsIn(paused)).toEqual(['leave', 'resume', 'move', 'export', 'erase']);
    expect(render('leave', paused, 'de')).toContain('Sie pausieren bis zum 20. Dezember 2026.');
    expect(deedsIn({ ...leaving, isActive: false })).toEqual(['return', 'export', 'erase']);
    expect(render('leave', leaving).match(/<input type="checkbox"[^>]*>/g)).toEqual([
      '<input type="checkbox" name="topic" value="knots" checked>',
      '<input type="checkbox" name="topic" value="r&amp;d">',
      '<input type="checkbox" name="sure" value="yes" required>',
    ]);
  });
});

test('what strangers typed is escaped wherever it stands', () => {
  const hostile = '"><script>{{name}}{title}';
  const escaped = '&quot;&gt;&lt;script&gt;&#123;&#123;name&#125;&#125;&#123;title&#125;';
  for (const [, template, view] of pages) {
    const poisoned = Object.fromEntries(
      Object.entries(view).map(([name, value]) =>
        ['address', 'email', 'name', 'action', 'at', 'preferences'].includes(name)
          ? [name, hostile]
          : [name, value],
      ),
    );
    const html = templates.render(`server/${template}.html`, {
      ...frameOf('de', 'ltr', hostile),
      ...poisoned,
      ...(view.hasTopics === true ? { topics: [{ tag: hostile, label: hostile, isChosen: true }] } : {}),
    });
    expect(html).not.toMatch(/<script|[{}]/);
    expect(html).toContain(escaped);
  }
});

describe('the pages of the site', () => {
  test.each(['en', 'de', 'ar'])('have the form to join, and no mistake, in %s', async (language) => {
    const drafts = [1, 2, 3, 4, 5, 6, 7].map((day) => [
      `drafts/2026-11-0${day}-s${day}.md`,
      `---\ntags: [knots]\nlanguage: ${language}\n---\n# Knots ${day}\n\n- [ ] a\n- [x] b\n\nText.\n`,
    ]);
    const publication = await makePublication(Object.fromEntries(drafts));
    try {
      const environment = { SITE_URL: 'https://e.example/letter/', PUBLICATION_LANGUAGE: language };
      expect(await publication.run(['build'], { environment })).toMatchObject({ exitCode: 0, stderr: '' });
      for (const [path, forms, action] of [
        ['index.html', 2, './subscribe'],
        ['s1/index.html', 1, '../subscribe'],
        ['tags/knots/index.html', 1, '../../subscribe'],
      ] as const) {
        const html = await publication.read(`dist/site/${path}`);
        expect(await mistakesIn(html)).toEqual([]);
        expect(html.split(`<form method="post" action="${action}" accept-charset="utf-8">`)).toHaveLength(
          forms + 1,
        );
        expect(html.split('<input type="hidden" name="at" value="">')).toHaveLength(forms + 1);
        expect(html.includes('Abonnieren')).toBe(language === 'de');
      }
      const page = await publication.read('dist/site/s1/index.html');
      expect(page.includes('aria-label="erledigt"')).toBe(language === 'de');
    } finally {
      await publication.remove();
    }
  });
});

describe.each(languages)('the mails of the server in %s', (language, dir) => {
  test.each(['join', 'move', 'known'])('%s', async (page) => {
    const view = {
      ...frameOf(language, dir),
      rtl: dir === 'rtl',
      theme: ourThemeView(templates),
      publication: {
        title: 'Knots & {{name}}',
        description: '',
        url: 'https://e.example/',
        postalAddress: 'Pier 1',
      },
      subject: templates.phrase(language, `notice.${page}.subject`, { title: 'Knots' }),
      page,
      days: page === 'known' ? 0 : 7,
    };
    const set = await templates.mjmlToHtml(templates.render('notice.mjml', view));
    if (!('html' in set)) throw new Error(set.what);
    const link = 'https://e.example/confirm/12.abc?a&b';
    const html = fillHtml(cutAtSlots(set.html), { link });
    expect(html.split('href="https://e.example/confirm/12.abc?a&amp;b"')).toHaveLength(3);
    expect(html).toContain('Knots &amp; &#123;&#123;name&#125;&#125;');
    expect(html).not.toMatch(/unsubscribe|{{/i);
    const text = fillText(
      cutTextAtSlots(
        templates.render('notice.txt', {
          ...view,
          publication: { ...view.publication, title: 'Knots & {\\{name}\\}' },
        }),
      ),
      { link },
    );
    expect(text).toContain(`:\n${link}\n`);
    expect(text).toContain('Knots & {{name}}\nPier 1\n');
    expect(text.includes('7')).toBe(page !== 'known');
  });
});
