// Stays until it is ended.
process.parentPort.on('message', () => undefined);
