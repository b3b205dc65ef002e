/**
 * `npm run leads -- list | show ATTEMPT | export | retry ATTEMPT | forget ATTEMPT`: what has not reached iClosed or needs a person.
 * Reads WORKER_URL and ADMIN_TOKEN from the environment or `.dev.vars`. What it prints may hold personal data.
 */
import { readDevVars } from './settings.ts';

interface ListedLead {
  attempt: string;
  event: string;
  state: string;
  endpoint: string;
  since: number;
}

const [command = 'list', attempt = ''] = process.argv.slice(2);
const settings = { ...readDevVars(), ...process.env };
const { WORKER_URL, ADMIN_TOKEN } = settings;

try {
  await run();
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}

async function run(): Promise<void> {
  switch (command) {
    case 'list':
      return print(await list());
    case 'show':
      console.log(JSON.stringify(await ask(`leads/${named()}`), null, 2));
      return;
    case 'export': {
      const leads = await Promise.all((await list()).map((each) => ask(`leads/${each.attempt}`)));
      console.log(JSON.stringify(leads, null, 2));
      return;
    }
    case 'retry':
    case 'forget':
      await ask(`leads/${named()}/${command}`, 'POST');
      console.log(command === 'retry' ? 'It is tried again now.' : 'It is forgotten.');
      return;
    default:
      throw new Error('Write: npm run leads -- list | show ATTEMPT | export | retry ATTEMPT | forget ATTEMPT');
  }
}

function named(): string {
  if (!/^[0-9a-f-]{36}$/.test(attempt)) throw new Error(`Write the attempt's id: npm run leads -- ${command} ATTEMPT`);
  return attempt;
}

async function list(): Promise<ListedLead[]> {
  return ((await ask('leads')) as { leads: ListedLead[] }).leads;
}

function print(leads: ListedLead[]): void {
  if (leads.length === 0) console.log('Nothing waits: every lead has reached iClosed.');
  for (const { attempt: id, event, state, endpoint, since } of leads) {
    console.log(`${id}  ${state.padEnd(8)} ${new Date(since).toISOString()}  ${event}  ${endpoint}`);
  }
}

async function ask(path: string, method = 'GET'): Promise<unknown> {
  if (!WORKER_URL)
    throw new Error('WORKER_URL is missing: the address of your Worker, such as https://book.example.com');
  if (!ADMIN_TOKEN)
    throw new Error('ADMIN_TOKEN is missing: the same text that you gave to `npx wrangler secret put ADMIN_TOKEN`');
  const response = await fetch(new URL(`/admin/${path}`, WORKER_URL), {
    method,
    headers: { authorization: `Bearer ${ADMIN_TOKEN}` },
  });
  if (response.status === 404)
    throw new Error('The Worker does not know that token (or it is shorter than 16 characters).');
  if (response.status === 409) throw new Error('There is no such lead in the list.');
  if (!response.ok) throw new Error(`The Worker answered ${response.status}.`);
  return response.json();
}
