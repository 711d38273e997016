import { cp, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import sharp from 'sharp';
import { makePublication, type TestPublication } from '../support/publication.js';

const environment = {
  SITE_URL: 'https://letters.harbour.example/',
  FROM: 'The Letter <letter@harbour.example>',
  POSTAL_ADDRESS: '1 Pier Road',
};
const made: TestPublication[] = [];
afterEach(async () => {
  for (const one of made.splice(0)) await one.remove();
});

async function publication(files: Record<string, string>): Promise<TestPublication> {
  const one = await makePublication(files);
  made.push(one);
  return one;
}

const clean = 'The Ferry\n\nIt is late, and nobody minds.\n';
const warned = 'The Ferry\n\nIt is late (and nobody minds.\n';
const faulty = '---\ntitle: The Ferry\n---\n\nSee [the pier](#nowhere), and mind it (so.\n';

/** Of `--json`: one a line. */
const findingsIn = (stdout: string) =>
  stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));

describe('check', () => {
  test('the sample drafts, set by our templates, have nothing to mend', async () => {
    const { run, root } = await publication({});
    await cp(join(import.meta.dirname, '../../drafts'), join(root, 'drafts'), { recursive: true });
    expect(await run(['check'], { environment })).toEqual({
      exitCode: 0,
      stdout: '2 drafts checked: nothing to mend.\n',
      stderr: '',
    });
  });

  test('colours that no issue can be made with are an error here too', async () => {
    const { run } = await publication({ 'drafts/2026-11-01-ferry.md': clean.replace('The', '# The') });
    const coloured = { ...environment, THEME_PAPER: '#777777' };
    const { exitCode, stdout } = await run(['check', '--json'], { environment: coloured });
    expect(exitCode).toBe(1);
    expect(findingsIn(stdout)).toContainEqual(
      expect.objectContaining({ path: '.env', code: 'contrast', level: 'error' }),
    );
    const { stderr } = await run(['build'], { environment: coloured });
    expect(stderr).toContain(JSON.parse(stdout.split('\n')[0] as string).what);
  });

  test('a template of pages that breaks is an error once, with its line', async () => {
    const { run } = await publication({
      'drafts/2026-11-01-ferry.txt': clean,
      'drafts/2026-11-02-lamps.txt': clean.replace('Ferry', 'Lamps'),
      'templates/parts/byline.html.hbs': '<p>\n{{oops}}</p>\n',
    });
    const { exitCode, stdout } = await run(['check', '--json'], { environment });
    expect(exitCode).toBe(1);
    expect(findingsIn(stdout)).toEqual([
      expect.objectContaining({ path: 'templates/parts/byline.html.hbs', line: 2, level: 'error' }),
    ]);
  });

  test('it tells drafts apart, each finding in a line with its place, and the sums; errors make it exit with 1', async () => {
    const { run } = await publication({
      'drafts/2026-11-01-ferry.md': faulty,
      'drafts/2026-11-02-lamps.txt': clean,
    });
    const { exitCode, stdout, stderr } = await run(['check'], { environment });
    expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: '' });
    const lines = stdout.split('\n');
    expect(lines[0]).toBe('The Ferry (drafts/2026-11-01-ferry.md)');
    expect(lines[1]).toMatch(
      /^ {2}drafts\/2026-11-01-ferry\.md:5: error: the link leads to #nowhere, .+; .+ \(.+\)$/,
    );
    expect(lines[2]).toMatch(/^ {2}drafts\/2026-11-01-ferry\.md:5: warning: \( has no other half/);
    expect(lines.slice(3)).toEqual(['', '2 drafts checked: 1 error, 1 warning.', '']);
  });

  test('warnings alone are no failure', async () => {
    const { run } = await publication({ 'drafts/2026-11-01-ferry.txt': warned });
    const { exitCode, stdout } = await run(['check'], { environment });
    expect(exitCode).toBe(0);
    expect(stdout).toContain('1 draft checked: 0 errors, 1 warning.');
  });

  test('--json is one object a finding, drafts that cannot be read among them', async () => {
    const { run } = await publication({
      'drafts/2026-11-01-ferry.md': faulty,
      'drafts/2026-11-02-none.txt': '',
    });
    const { exitCode, stdout } = await run(['check', '--json'], { environment });
    expect(exitCode).toBe(1);
    const findings = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(findings.map(({ path, line, code, level }) => [path, line, code, level])).toEqual([
      ['drafts/2026-11-02-none.txt', 1, 'empty-draft', 'error'],
      ['drafts/2026-11-01-ferry.md', 5, 'link-anchor', 'error'],
      ['drafts/2026-11-01-ferry.md', 5, 'unpaired', 'warning'],
    ]);
    for (const finding of findings)
      expect(Object.keys(finding).sort()).toEqual(['code', 'fix', 'level', 'line', 'path', 'what', 'why']);
  });

  test('a draft that is named is checked alone, and a name that none has is a usage error', async () => {
    const { run } = await publication({
      'drafts/2026-11-01-ferry.md': faulty,
      'drafts/2026-11-02-lamps.txt': clean,
      'drafts/2026-11-03-none.txt': '',
    });
    expect(await run(['check', 'lamps'], { environment })).toMatchObject({ exitCode: 0 });
    expect(await run(['check', 'none'], { environment })).toMatchObject({ exitCode: 1, stderr: '' });
    expect((await run(['check', 'fery'], { environment })).exitCode).toBe(2);
  });

  test('settings that a real send wants are told of once', async () => {
    const { run } = await publication({ 'drafts/2026-11-01-ferry.txt': clean });
    const { exitCode, stdout } = await run(['check', '--json']);
    expect(exitCode).toBe(0);
    expect(stdout.match(/"path":"\.env","code":"setting","level":"warning"/g)).toHaveLength(3);
  });

  test('it writes nothing but what MJML made', async () => {
    const { run, root } = await publication({ 'drafts/2026-11-01-ferry.txt': clean });
    await run(['check'], { environment });
    expect(
      (await readdir(root, { recursive: true })).filter(
        (name) => !/^(?:drafts|data(?:\/cache.*)?$)/.test(name),
      ),
    ).toEqual([]);
  });

  test('a picture that the mail has smaller is weighed as the mail has it, and stops no send', async () => {
    const { run, write } = await publication({
      'drafts/2026-11-01-ferry.md': `# The Ferry\n\n${'It is late, and nobody minds. '.repeat(20)}\n\n![A boat](boat.png)\n`,
    });
    const noise = { type: 'gaussian', mean: 128, sigma: 30 } as const;
    const photo = sharp({ create: { width: 1500, height: 1000, channels: 3, background: '#888', noise } });
    await write('drafts/boat.png', await photo.png().toBuffer());
    const { exitCode, stdout } = await run(['check', '--json'], { environment });
    expect(exitCode).toBe(0);
    expect(stdout).toContain('"line":5,"code":"picture-heavy","level":"warning"');
    expect(stdout).not.toContain('"code":"support');
  });

  test('a picture that cannot be read is an error, with its line, as it is of a build', async () => {
    const { run } = await publication({
      'drafts/2026-11-01-ferry.md': `# The Ferry\n\n${'It is late, and nobody minds. '.repeat(20)}\n\n![A boat](boat.png)\n`,
      'drafts/boat.png': 'no picture',
    });
    const { exitCode, stdout } = await run(['check', '--json'], { environment });
    expect(exitCode).toBe(1);
    expect(stdout).toContain('"line":5,"code":"picture-unreadable","level":"error"');
  });

  test('pictures are weighed on the disk', async () => {
    const { run, write } = await publication({
      'drafts/2026-11-01-ferry.md': `# The Ferry\n\n${'It is late, and nobody minds. '.repeat(20)}\n\n![A boat](a%20boat.jpg)\n`,
    });
    await write('drafts/a boat.jpg', Buffer.alloc(1_100_000));
    const { stdout } = await run(['check', '--json'], { environment });
    expect(stdout).toContain('"line":5,"code":"picture-heavy","level":"error"');
  });

  test('a template of its own that lost the way out is an error, in the mail and in the text edition', async () => {
    const { run } = await publication({
      'drafts/2026-11-01-ferry.txt': clean,
      'templates/parts/footer.mjml.hbs':
        '<mj-section><mj-column><mj-text>Bye</mj-text></mj-column></mj-section>',
      'templates/issue.txt.hbs': '{{body}}\n',
    });
    const { exitCode, stdout } = await run(['check', '--json'], { environment });
    expect(exitCode).toBe(1);
    expect(stdout.match(/"code":"(?:unsubscribe|address)-missing"/g)).toHaveLength(4);
  });
});

describe('a send', () => {
  test('stops at an error, with what and why, and goes on by --force', async () => {
    const { run, root } = await publication({ 'drafts/2026-11-01-ferry.md': faulty });
    const stopped = await run(['send'], { environment });
    expect(stopped.exitCode).toBe(1);
    expect(stopped.stderr).toContain('The check has 1 warning (npm run check -- ferry shows it).');
    expect(stopped.stderr).toContain('drafts/2026-11-01-ferry.md:5: the link leads to #nowhere');
    expect(stopped.stderr).toContain(
      'Nothing was sent: the check found 1 error. Mend it, or send it as it is by --force.',
    );
    expect(await readdir(join(root, 'data'))).not.toContain('outbox');

    const forced = await run(['send', '--force'], { environment });
    expect(forced.exitCode).toBe(0);
    expect(forced.stderr).toContain(
      'The check found 1 error (npm run check -- ferry); it goes out all the same.',
    );
    expect(await readdir(join(root, 'data/outbox/new'))).toHaveLength(3);
    // What has gone out is not asked about again.
    expect(await run(['send'], { environment })).toMatchObject({ exitCode: 0, stderr: '' });
  });

  test('goes on past warnings, which it tells in one line', async () => {
    const { run } = await publication({ 'drafts/2026-11-01-ferry.txt': warned });
    const { exitCode, stderr } = await run(['send'], { environment });
    expect(exitCode).toBe(0);
    expect(stderr.split('\n')[0]).toBe('The check has 1 warning (npm run check -- ferry shows it).');
  });

  test('a test copy goes out whatever the check says', async () => {
    const { run } = await publication({ 'drafts/2026-11-01-ferry.md': faulty });
    const { exitCode, stderr } = await run(['send', '--to', 'me@harbour.example'], { environment });
    expect(exitCode).toBe(0);
    expect(stderr).toContain('it goes out all the same');
  });

  test('for a time to come is checked when it is frozen', async () => {
    const { run } = await publication({ 'drafts/2026-11-01-ferry.md': faulty });
    const at = ['send', '--at', '2026-12-01T07:00Z'];
    expect((await run(at, { environment })).exitCode).toBe(1);
    expect((await run([...at, '--force'], { environment })).exitCode).toBe(0);
  });

  test('--force is a person’s word for one send, and not for all to come', async () => {
    const { run } = await publication({ 'drafts/2026-11-01-ferry.md': faulty });
    expect((await run(['send', '--watch', '--force'], { environment })).exitCode).toBe(2);
  });
});
