/** A reporter for Vitest: names each test that passed only when it was tried again, and why it had failed, in a line. */
export default class FlakyReporter {
  onTestCaseResult(test) {
    if (!test.diagnostic()?.flaky) return;
    const [why = ''] = (test.result().errors?.[0]?.message ?? '').split('\n');
    console.log(` FLAKY  ${test.project.name}  ${test.module.relativeModuleId} > ${test.fullName}: ${why}`);
  }
}
