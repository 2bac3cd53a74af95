// One client of a dialect in one conversation, among others: talks when it is told to go, and reads when it is told to.
//   node talk.js URL '{"dialect": …, "name": …, "count": …, and what its Talker needs}'
// Lines of its input: go; read TEXT (the last thing that it is to hear).
const readline = require("readline");
const { report, run } = require("./report");

// `now` is what became of a text, and null when it is retracted.
async function talk(talker, { name, count }) {
  const wrote = [];
  for (let i = 0; i < count; ++i) {
    const line = { text: `${name} says ${i}`, now: `${name} says ${i}`, changes: 0 };
    const become = (now) => Object.assign(line, { now, changes: line.changes + 1 });
    wrote.push(line);
    const said = await talker.say(line.text);
    if (talker.edit && i % 4 === 1) await talker.edit(said, become(`${name} means ${i}`).now);
    if (talker.retract && i % 6 === 3) await talker.retract(said, become(null));
  }
  return wrote;
}

// All that it has heard, which ends with `last`, and what it is told when it asks.
async function read(talker, last) {
  await talker.socket.text((text) => text.includes(last));
  const heard = talker.socket.heard.map((text) => JSON.parse(text));
  return { heard, history: await talker.history() };
}

run(async (base, settings) => {
  const { Talker } = require(`./${settings.dialect}`);
  const talker = new Talker(base, settings);
  await talker.enter();
  report("ready", true);
  for await (const line of readline.createInterface({ input: process.stdin })) {
    if (line === "go") report("wrote", await talk(talker, settings));
    else report("read", await read(talker, line.slice("read ".length)));
  }
});
