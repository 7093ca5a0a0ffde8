/** The release; a test holds package.json and plugin.yaml to it. */
export const version = '0.1.0'
