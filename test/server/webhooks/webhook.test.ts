import { expect, test } from '@jest/globals';
import { webhooks } from '../../../src/server/webhooks/webhook.js';
import { mailgun, postmark, request, sendgrid, ses, surroundings, tell } from './signed.js';

const large = Buffer.alloc(1_000_001, ' ');
const whole = {
  ses: ses({}),
  postmark: postmark({}),
  mailgun: mailgun({}),
  sendgrid: sendgrid([]),
};

test.each(Object.keys(whole) as (keyof typeof whole)[])(
  'what %s sends is refused, with nothing fetched, when it is over a million bytes',
  async (provider) => {
    const given = surroundings();
    const told = { ...whole[provider], body: large };
    expect(await tell(webhooks[provider], told, given)).toMatchObject({ httpStatus: 413 });
    expect(given.fetched).toEqual([]);
  },
);

test.each(Object.keys(whole) as (keyof typeof whole)[])(
  'no refusal of %s is more than a line, or repeats what was sent',
  async (provider) => {
    for (const body of ['ada@example.org', '{"ada@example.org\\n":{}}', '["ada@example.org"]']) {
      const { refused } = await tell(webhooks[provider], request(body));
      expect(refused).toMatch(/^[\x20-\x7e]{1,120}$/);
      expect(refused).not.toContain('ada');
    }
  },
);
