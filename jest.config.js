export default {
  testEnvironment: 'node',
  // Jest's own would leave one of two cores to nobody.
  maxWorkers: 2,
  // For a machine that is busy with something else; what hangs is told all the same.
  testTimeout: 30_000,
  roots: ['<rootDir>/test'],
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: { target: 'es2022', parser: { syntax: 'typescript' } },
        module: { type: 'es6' },
        sourceMaps: 'inline',
      },
    ],
  },
};
