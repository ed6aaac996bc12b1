process.stdout.write(`${String(__VERSION__)}\n`);
