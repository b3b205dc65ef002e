/** Parts of the widget that come later: there, slow, missing; the list of zones is one. */
import * as zones from '../../widget/parts/zones.ts';
import { BUILD } from '../../widget/parts.ts';
import { PART_LIMIT_MS, PART_PAUSE_MS } from '../../shared/limits.ts';
import { expect, expectAccessible } from './expect.ts';
import { ENDPOINT, settled } from './scripted-worker.ts';
import { WidgetPage } from './widget-page.ts';

let shown: WidgetPage;
beforeEach(async () => {
  sessionStorage.clear();
  shown = await WidgetPage.open();
  await shown.toTimes();
});
afterEach(() => shown.close());

const ADDRESS = `${ENDPOINT}/v/${BUILD}/zones.js`;

describe('the list of zones', () => {
  it('is loaded when it is wanted, and then shows the same instants on their own days', async () => {
    expect(shown.worker.parts).to.have.length(0);
    await shown.press('Change: Time zone');
    expect(shown.worker.lastPart().url).to.equal(ADDRESS);
    await shown.worker.lastPart().arrive(zones);
    const list = shown.root.querySelector('select') as HTMLSelectElement;
    expect(shown.focused).to.equal(list);
    expect(list.value).to.equal('Asia/Kolkata');
    await expectAccessible(shown.element);
    list.value = 'America/New_York';
    list.dispatchEvent(new Event('change', { bubbles: true }));
    await settled();
    expect(shown.text).to.contain('Wednesday, March 10').and.contain('11:00 PM');
    await shown.press('11:30 PM');
    await shown.press('Book this time');
    expect(shown.worker.last('book').body).to.include({ startsAt: '2027-03-11T04:30Z', timeZone: 'America/New_York' });
  });

  it('slow: the button rests, is asked once, and the times stay usable', async () => {
    shown.button('Change: Time zone').focus();
    await shown.press('Change: Time zone');
    await shown.press('Change: Time zone');
    expect(shown.worker.parts).to.have.length(1);
    expect(shown.button('Change: Time zone').getAttribute('aria-disabled')).to.equal('true');
    expect(shown.spoken).to.equal('Loading…');
    await expectAccessible(shown.element);
    await shown.press('10:00 AM');
    shown.button('Book this time').focus();
    await shown.worker.lastPart().arrive(zones);
    expect(shown.focused).to.equal(shown.button('Book this time'));
    expect(shown.spoken).to.equal('');
  });

  it('missing: tried twice, said and heard, the times stay; another press tries again', async () => {
    await shown.press('Change: Time zone');
    await shown.worker.lastPart().fail();
    await shown.worker.advance(PART_PAUSE_MS);
    expect(shown.worker.parts.map(({ url }) => url)).to.deep.equal([ADDRESS, `${ADDRESS}?again`]);
    await shown.worker.lastPart().fail();
    expect(shown.text).to.contain('That did not work just now.').and.contain('India Standard Time');
    expect(shown.spoken).to.equal('That did not work just now.');
    await expectAccessible(shown.element);
    await shown.press('10:00 AM');
    await shown.press('Change: Time zone');
    await shown.worker.lastPart().arrive(zones);
    expect((shown.root.querySelector('select') as HTMLSelectElement).value).to.equal('Asia/Kolkata');
    expect(shown.text).not.to.contain('That did not work');
  });

  it('never answers: given up twice after its time, then said', async () => {
    await shown.press('Change: Time zone');
    await shown.worker.advance(PART_LIMIT_MS + PART_PAUSE_MS + PART_LIMIT_MS);
    expect(shown.worker.parts).to.have.length(2);
    expect(shown.text).to.contain('That did not work just now.');
  });
});
