/**
 * Runs the element tests in a real Chromium: the element as the page sees it, with a scripted Worker. Ends with a line
 * `N passed, N failed`. `CHROME_PATH` names another browser, `TZ` the zone that it lives in.
 */
import { esbuildPlugin } from '@web/dev-server-esbuild';
import { defaultReporter } from '@web/test-runner';
import { chromeLauncher } from '@web/test-runner-chrome';
import { smaller } from './widget/build/small-lit.ts';

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

function testsIn(suite) {
  return [...(suite?.tests ?? []), ...(suite?.suites ?? []).flatMap(testsIn)];
}

/** The sum, alone on a line, for whoever reads only the end. A file that did not run at all is a failure. */
function sumReporter() {
  return {
    onTestRunFinished({ sessions }) {
      const tests = sessions.flatMap(({ testResults }) => testsIn(testResults));
      const passed = tests.filter((test) => test.passed).length;
      const broken = sessions.filter(
        (session) => !session.passed && testsIn(session.testResults).every((test) => test.passed),
      ).length;
      console.log(
        `\n${passed} passed, ${tests.filter((test) => !test.passed && !test.skipped).length + broken} failed`,
      );
    },
  };
}

/** The tests run on the very Lit that is shipped. */
const smallLit = {
  name: 'small-lit',
  transform: ({ path, body }) => (path.endsWith('/lit-html/lit-html.js') ? { body: smaller(body) } : undefined),
};

export default {
  files: ['test/element/**/*.test.ts'],
  nodeResolve: { exportConditions: ['production', 'browser'] },
  // One after the other: a tab behind another draws nothing, so that no observer would ever speak.
  concurrency: 1,
  testsFinishTimeout: 300_000,
  staticLogging: true,
  plugins: [smallLit, esbuildPlugin({ ts: true, target: 'es2022', tsconfig: 'widget/tsconfig.json' })],
  browsers: [
    chromeLauncher({
      launchOptions: {
        executablePath: process.env.CHROME_PATH ?? '/usr/bin/chromium',
        args: FLAGS,
        env: { ...process.env, TZ: process.env.TZ ?? 'UTC' },
      },
    }),
  ],
  testFramework: { config: { timeout: 30_000 } },
  reporters: [defaultReporter({ reportTestProgress: false }), sumReporter()],
  coverageConfig: { include: ['widget/**'], reporters: ['lcovonly', 'text-summary'] },
};
