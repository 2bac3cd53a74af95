// A day of two users of the room chat.
const { report, run } = require("./report");
const { RoomChat, is_new } = require("./room_chat");
const { Socket } = require("./socket");

async function both(alice, bob) {
  return [await alice.message(), await bob.message()];
}

async function talk(alice, bob, room) {
  report("said", await alice.say(room, "Helo"));
  const [first, heard] = await both(alice, bob);
  report("new", { frames: [first, heard], is_new: is_new(first) });
  report("edited", await alice.edit(first, "Hello"));
  report("edit", await both(alice, bob));
  report("answered", await bob.say(room, "Hi Alice"));
  const [answer] = await both(alice, bob);
  report("edit of another's", await alice.edit(answer, "mine"));
  report("delete of another's", await alice.remove(answer));
  report("edit of nothing", await bob.edit({ ...answer, postedAt: "2020-01-01T00:00:00.000Z" }, "x"));
  await alice.say(room, "a secret");
  const [secret] = await both(alice, bob);
  report("deleted", await alice.remove(secret));
  report("deletion", await both(alice, bob));
}

async function go_elsewhere(alice, bob, room) {
  report("left", await bob.leave());
  await alice.say(room, "gone?");
  await alice.message();
  report("from outside", await bob.say(room, "only next door"));
  report("heard from outside", await alice.message());
  report("heard in the lobby", bob.socket.waiting);
  report("back", await bob.join(room));
}

async function come_back(bob, room) {
  await bob.socket.close();
  await bob.connect();
  report("joined with history", await bob.join(room, { history: 2 }));
  report("the last two", [await bob.message(), await bob.message()]);
  await bob.socket.frame((frame) => frame.statusCode === 200);
  const all = await bob.history(room);
  report("history", all);
  report("earlier", await bob.history(room, { before: all[2].postedAt, limit: 1 }));
}

run(async (base, { alice, bob, room }) => {
  const fronts = [new RoomChat(base, alice.id, alice.token), new RoomChat(base, bob.id, bob.token)];
  report("with a bad token", await Socket.refusal(fronts[0].address("nonsense")));
  for (const front of fronts) report("joined", await (await front.connect()).join(room));
  report("without a room", await fronts[0].ask("onJoin", { name: "Alice" }));
  report("another system's frame", await fronts[0].ask("send-message", { conversationId: room, content: "x" }));
  await talk(...fronts, room);
  await go_elsewhere(...fronts, room);
  await come_back(fronts[1], room);
});
