// Writes a line to the file SIGNALBOX_TEST_RETRIES for each test that has passed only at its second try.
import { appendFileSync } from 'node:fs';

export default class RetryReporter {
  onTestCaseResult(test) {
    const retries = test.diagnostic()?.retryCount ?? 0;
    if (retries === 0 || test.result().state !== 'passed') return;
    appendFileSync(process.env.SIGNALBOX_TEST_RETRIES, `${test.module.moduleId} > ${test.fullName}\n`);
  }
}
