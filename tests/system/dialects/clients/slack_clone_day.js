// A day of two users of the Slack clone.
const { report, run } = require("./report");
const { SlackClone } = require("./slack_clone");
const { Socket } = require("./socket");
const { until } = require("./waiting");

async function move_in(kim, lee, names) {
  report("registered", [await kim.register("Kim"), await lee.register("Lee")]);
  report("workspaces of nobody's", await kim.workspaces());
  const made = await kim.make_workspace(names.workspace);
  report("workspace made", made);
  report("workspace again", await lee.make_workspace(names.workspace));
  const workspace = made.workspace_id;
  report("channels of a stranger", await lee.channels(workspace));
  report("invited", await kim.invite(workspace, lee.email));
  report("invited again", await kim.invite(workspace, lee.email));
  report("workspaces", await lee.workspaces());
  const channel = await kim.make_channel(workspace, names.channel);
  report("channel made", channel);
  report("channel again", await lee.make_channel(workspace, names.channel));
  report("invited to channel", await kim.invite_to_channel(workspace, channel.channel_id, lee.email));
  report("channels", await lee.channels(workspace));
  return { workspace, channel: channel.channel_id };
}

async function talk(kim, lee, { workspace, channel }) {
  const tabs = [await kim.connect(), await kim.connect(), await lee.connect()];
  for (const [from, text] of [[0, "Hello"], [2, "Hi Kim"], [1, "Lunch? 🍜"], [2, "At one"]]) {
    tabs[from].send((from === 2 ? lee : kim).channel_frame(workspace, channel, text));
    report("heard in the channel", await Promise.all(tabs.map((tab) => tab.frame())));
  }
  report("history", await until(() => kim.messages(workspace, channel), (list) => list.length === 4));
  report("in somebody else's name", await tabs[0].ask(lee.channel_frame(workspace, channel, "I am Lee")));
  report("into nothing", await tabs[0].ask(kim.channel_frame(workspace, "nowhere", "x")));
  report("unknown action", await tabs[0].ask({ action: "onJoin", room: "r", name: "Kim" }));
  return tabs;
}

async function whisper(kim, lee, [kims, , lees]) {
  const sent = [kim.direct_frame(lee.email, "psst"), lee.direct_frame(kim.email, "what?")];
  kims.send(sent[0]);
  const to_lee = await lees.frame();
  lees.send(sent[1]);
  report("whispered", { sent, heard: [to_lee, await kims.frame()] });
  await lees.close();
  kims.send(kim.direct_frame(lee.email, "you are gone"));
  report("direct, there", await until(() => kim.direct_messages(kim.email, lee.email), (list) => list.length === 2));
  report("direct, back", await kim.direct_messages(lee.email, kim.email));
}

async function move_out(kim, lee, { workspace, channel }, names) {
  const spare = (await kim.make_channel(workspace, names.spare)).channel_id;
  report("channel deleted", await kim.delete_channel(workspace, spare));
  report("channel gone", await kim.channel(workspace, spare));
  report("left the channel", await lee.leave_channel(workspace, channel));
  report("left the channel again", await lee.leave_channel(workspace, channel));
  report("channel", await kim.channel(workspace, channel));
  report("left", await lee.leave(workspace));
  report("whole", await kim.workspace(workspace));
  const second = (await lee.make_workspace(names.second)).workspace_id;
  report("deleted", await lee.delete_workspace(second));
  report("gone", await lee.workspace(second));
  report("workspaces at last", await lee.workspaces());
}

run(async (base, { kim, lee, names }) => {
  const fronts = [new SlackClone(base, kim.email, kim.token), new SlackClone(base, lee.email, lee.token)];
  report("without a token", await Socket.refusal(fronts[0].address(), {}));
  const place = await move_in(...fronts, names);
  const tabs = await talk(...fronts, place);
  await whisper(...fronts, tabs);
  await move_out(...fronts, place, names);
  report("place", place);
});
