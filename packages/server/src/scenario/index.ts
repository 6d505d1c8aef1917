export { httpServer } from './http-server.ts';
export { readScenario, UnreadableScenario } from './read.ts';
export { failureText, headline, outcomeJson } from './report.ts';
export { type Outcome, runScenario } from './run.ts';
export { openSandbox, playOnClone } from './sandbox.ts';
export type { Scenario } from './scenario.ts';
