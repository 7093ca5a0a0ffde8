export { checkPassthrough, readEgress } from './check.ts'
export { merge } from './merge.ts'
