/** What a config is called, in the root of what it is about. */
export const configNames = ['seamripper.yml', 'seamripper.yaml']
