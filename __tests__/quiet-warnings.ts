/**
 * Keeps what synth warns of out of the report: tests that are about a warning read it from the stack. Any other warning is
 * printed, and fails `.ci/run`.
 */
const printers = process.listeners('warning');
process.removeAllListeners('warning');
process.on('warning', (warning) => {
  if (warning.name === 'RotaformWarning') return;
  for (const print of printers) print(warning);
});
