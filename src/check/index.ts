/** Verdicts on flows: a bundle of its own, since the filter seldom needs it. */
export { accountOf, neededFlows } from './account.ts'
export { diff } from './diff/diff.ts'
export { ownQuestion } from './own/question.ts'
export { prepare } from './prepare.ts'
export { verify } from './verify.ts'
export { implementationNames, implementations, isImplementation } from '../verdict/registry.ts'
