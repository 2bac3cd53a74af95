// Is a file an AsyncAPI document, to AsyncAPI's own parser? Prints what it has to say; exit code 1 when it is none.
const { readFileSync } = require('fs');
const { Parser } = require('@asyncapi/parser');

const WARNING = 1; // and an error is 0; what is below is advice
new Parser().parse(readFileSync(process.argv[2], 'utf8')).then(({ document, diagnostics }) => {
  const complaints = diagnostics.filter(({ severity }) => severity <= WARNING);
  for (const { code, message, path } of complaints) console.log(`${path.join('.')}: ${message} (${code})`);
  process.exit(document && complaints.length === 0 ? 0 : 1);
});
