import type { Reporter, TestModule } from 'vitest/node';

/** Says at the end which tests have passed at their second try only, and why not at the first: each of them is a fault, of the test or of the product. */
export const unsteady: Reporter = {
  onTestRunEnd(modules: readonly TestModule[]) {
    const tests = modules.flatMap((module) => [...module.children.allTests()]).filter((test) => test.diagnostic()?.flaky === true);
    if (tests.length === 0) return;
    console.log(`\n ${tests.length} unsteady: passed at the second try only`);
    for (const test of tests) console.log(`   ${test.module.relativeModuleId} > ${test.fullName}\n     ${test.result().errors?.[0]?.message ?? 'no error was kept'}`);
  },
};
