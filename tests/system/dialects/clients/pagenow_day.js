// A day of three users of PageNow.
const { PageNow } = require("./pagenow");
const { report, run } = require("./report");
const { Socket } = require("./socket");
const { until } = require("./waiting");

const HEARTBEAT = { action: "heartbeat" };

async function meet(anna, ben, cleo) {
  report("nothing yet", [await anna.conversations(), await anna.direct_with(ben.id)]);
  const direct = (await anna.start([ben.id])).body.conversationId;
  report("direct", [direct, (await ben.start([anna.id])).body.conversationId]);
  await until(() => ben.direct_with(anna.id), (found) => found?.conversationId === direct);
  report("group without a title", await anna.start([ben.id, cleo.id]));
  const group = (await anna.start([ben.id, cleo.id], "Lunch")).body.conversationId;
  report("group", await until(() => cleo.ask("GET", `/conversations/${group}`), ({ status }) => status === 200));
  report("participants", await cleo.participants(group));
  return { direct, group };
}

async function talk(anna, ben, { direct, group }, [annas, bens, other_tab, cleos]) {
  const hello = anna.message(direct, "Hello Ben");
  annas.send(hello);
  const heard = [await annas.frame(), await bens.frame(), await other_tab.frame()];
  report("hello", { sent: hello, heard });
  annas.send(hello); // its answer was lost, as far as this client knows
  report("hello again", await annas.frame());
  bens.send(HEARTBEAT);
  bens.send(ben.message(group, "Lunch at one?"));
  report("lunch", [await annas.frame(), await bens.frame(), await other_tab.frame(), await cleos.frame()]);
  report("without content", await annas.ask({ ...anna.message(direct, "x"), content: "" }));
  report("from outside", await cleos.ask(anna.message(direct, "me too")));
  report("another system's frame", await annas.ask({ action: "onMessage", room: direct, message: "x" }));
}

async function read(anna, ben, { direct }, [, bens, other_tab]) {
  const both = (list) => list.length === 2;
  report("list", await until(() => anna.conversations(), both));
  report("unread", await until(() => ben.conversations("?isRead=false"), (list) => list.length === 1));
  bens.send(ben.read(direct));
  report("read", [await bens.frame(), await other_tab.frame()]);
  report("all read", await until(() => ben.conversations("?isRead=true"), both));
  report("neither", await ben.ask("GET", "/conversations?isRead=maybe"));
}

async function page_through(anna, cleo, { direct }, [annas, bens]) {
  for (let line = 1; line <= 40; ++line) annas.send(anna.message(direct, `line ${line}`));
  const heard = [];
  for (let line = 1; line <= 40; ++line) heard.push(await bens.frame());
  report("forty lines", heard);
  await until(() => anna.page(direct, 0, 100), (list) => list.length === 41);
  report("all messages", await anna.messages(direct));
  report("oldest of the first page first", await anna.page(direct, 0, 3, "asc"));
  report("without a limit", await anna.ask("GET", `/conversations/${direct}/messages?offset=0`));
  for (const what of ["", "/messages?offset=0&limit=1", "/participants"])
    report("not hers", await cleo.ask("GET", `/conversations/${direct}${what}`));
}

run(async (base, users) => {
  const fronts = users.map(({ id, token }) => new PageNow(base, id, token));
  const [anna, ben, cleo] = fronts;
  report("with a bad token", [await Socket.refusal(anna.address("x.y.z")), await call_with("x.y.z", anna)]);
  const places = await meet(...fronts);
  const sockets = [];
  for (const front of [anna, ben, ben, cleo]) sockets.push(await front.connect());
  await talk(anna, ben, places, sockets);
  await read(anna, ben, places, sockets);
  await page_through(anna, cleo, places, sockets);
  report("places", places);
});

function call_with(token, front) {
  return new PageNow(front.base, front.id, token).ask("GET", "/conversations");
}
