// What a program did and saw: a JSON line for each, {"what": …}.
function report(what, value) {
  process.stdout.write(`${JSON.stringify({ [what]: value })}\n`);
}

// Runs a program: `main(base URL, settings)`, both of the command line. Any failure ends it with 1.
function run(main) {
  const [base, settings] = process.argv.slice(-2);
  main(base.replace(/\/$/, ""), JSON.parse(settings)).then(
    () => process.exit(0),
    (error) => {
      console.error(error);
      process.exit(1);
    },
  );
}

module.exports = { report, run };
