// A day of two users of the social media.
const { report, run } = require("./report");
const { SocialMedia } = require("./social_media");
const { until } = require("./waiting");

const PASSWORD = "correct horse battery";

async function sign_up(ann, ben) {
  report("without a token", await ann.ask("GET", "/users/me"));
  report("signed up", [await ann.sign_up("Ann", PASSWORD), await ben.sign_up("Ben", PASSWORD)]);
  report("signed up again", await ann.sign_up("Ann", PASSWORD));
  report("wrong password", await ann.sign_in("wrong horse battery"));
  report("signed in", [await ann.sign_in(PASSWORD), await ben.sign_in(PASSWORD)]);
  const [me, other] = [await ann.me(), await ben.me()];
  report("me", [me, other, await until(() => ann.ask("GET", `/users/${other.id}`), ({ status }) => status === 200)]);
  report("no number", await ann.ask("GET", "/users/x"));
  return other;
}

async function meet(ann, ben) {
  const made = await ann.make("Climbers");
  const number = made.body.id;
  report("made", made);
  report("not yet in it", [await ben.channel(number), await ben.say(number, "let me in")]);
  report("joined", [await ben.join(number), await ben.join(number)]);
  report("in it", await ben.channel(number));
  report("into nothing", [await ben.join(7), await ben.channel(7)]);
  return number;
}

async function listen(front, number) {
  const socket = await front.connect(number);
  report("turned away", await told(await front.connect(1)));
  socket.send({ action: "onJoin", room: "r", name: "n" });
  report("another system's frame", await socket.text());
  return socket;
}

async function told(socket) {
  const text = await socket.text();
  await socket.closed;
  return text;
}

async function talk(ann, ben, number, sockets) {
  const chats = [];
  for (let line = 1; line <= 25; ++line) chats.push((await (line % 2 ? ann : ben).say(number, `line ${line} of the route`)).body);
  report("said", chats);
  const pushed = async (socket) => {
    const heard = [];
    while (heard.length < chats.length) heard.push(await socket.frame());
    return heard;
  };
  report("pushed", [await pushed(sockets[0]), await pushed(sockets[1])]);
  sockets[1].send(ben.ack(chats[0]));
  report("acked", await until(() => ann.chat(chats[0]), ({ body }) => body.ackedAt !== null));
  return chats;
}

async function look_back(ann, ben, number, chats) {
  report("up", await ben.page(number, `scrolling=UP&endId=${chats[9].id}&perPage=5`));
  report("down", await ben.page(number, `scrolling=DOWN&startId=${chats[9].id}&perPage=5`));
  report("all", await ann.chats(number, 10));
  report("found", await until(() => ben.search(number, "11 12"), ({ data }) => data.length === 2));
}

async function take_back(ann, ben, number, chats) {
  report("removed", await ben.remove(number, [chats[0].id]));
  report("retraction of another's", await ben.retract(number, [chats[2].id]));
  report("retracted", await ann.retract(number, [chats[4].id]));
  report("of nothing", await ann.retract(number, [1]));
  report("seen by", { ann: await ann.chats(number), ben: await ben.chats(number) });
  report("retracted one", await ben.chat(chats[4]));
}

async function go(ann, ben, number) {
  report("left", [await ben.leave(number), await ben.channel(number)]);
  const spare = (await ben.make("Spare", "ONE_TO_ONE")).body.id;
  report("deleted", [await ann.delete(spare), await ben.delete(spare), await ben.channel(spare)]);
}

run(async (base, emails) => {
  const [ann, ben] = emails.map((email) => new SocialMedia(base, email));
  const other = await sign_up(ann, ben);
  const number = await meet(ann, ben);
  const sockets = [await listen(ann, number), await listen(ben, other.id)];
  const chats = await talk(ann, ben, number, sockets);
  await look_back(ann, ben, number, chats);
  await take_back(ann, ben, number, chats);
  await go(ann, ben, number);
  report("place", number);
});
