// A front end of the Slack clone, written from its documentation (rows S): calls without a token, a socket with one.
const { call } = require("./http");
const { Socket } = require("./socket");

class SlackClone {
  constructor(base, email, token) {
    Object.assign(this, { base, email, token });
  }

  // Every answer is 200, also that which says what is wrong.
  async ask(method, path, body) {
    const answer = await call(this.base + path, method, body);
    if (answer.status !== 200) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  }

  register(nickname) {
    const request = { userAttributes: { nickname, email: this.email } };
    return this.ask("POST", "/user", { userName: nickname.toLowerCase(), request });
  }

  // --- workspaces
  make_workspace = (name) => this.ask("POST", "/workspace", { workspace_name: name, user_email: this.email });
  delete_workspace = (workspace) => this.ask("DELETE", `/workspace/${workspace}`);
  workspace = (workspace) => this.ask("GET", `/workspace/${workspace}`);
  workspaces = () => this.ask("GET", `/workspaces/${this.email}`);
  invite = (workspace, email) => this.ask("PATCH", "/workspace", { workspace_id: workspace, user_email: email });
  leave = (workspace) => this.ask("PATCH", "/workspace/out", { workspace_id: workspace, user_email: this.email });

  // --- channels
  make_channel(workspace, name) {
    return this.ask("POST", "/channel", { workspace_id: workspace, channel_name: name, user_email: this.email });
  }
  invite_to_channel(workspace, channel, email) {
    return this.ask("PATCH", "/channel", { workspace_id: workspace, channel_id: channel, user_email: email });
  }
  leave_channel(workspace, channel) {
    return this.ask("PATCH", "/channel/out", { workspace_id: workspace, channel_id: channel, user_email: this.email });
  }
  delete_channel = (workspace, channel) => this.ask("DELETE", `/channel/${workspace}/${channel}`);
  channel = (workspace, channel) => this.ask("GET", `/channel/${workspace}/${channel}`);
  channels = (workspace) => this.ask("GET", `/channels/${workspace}/${this.email}`);

  // --- history
  messages = (workspace, channel) => this.ask("GET", `/messages/${workspace}/${channel}`);
  direct_messages = (sender, receiver) => this.ask("GET", `/dm/${sender}/${receiver}`);

  // --- the socket
  address = () => `${this.base.replace("http", "ws")}/dev`;
  connect = () => Socket.open(this.address(), { Authorization: this.token });

  direct_frame(receiver, message) {
    return { action: "dm_chat", sender: this.email, receiver, message, createdAt: String(Date.now()) };
  }
  channel_frame(workspace, channel, message) {
    return { action: "channelChat", message, sender: this.email, channel_id: channel, workspace_id: workspace };
  }
}

// In one conversation: a channel of a workspace, or a direct one (`receiver`). Nothing can be edited or taken back.
class Talker {
  constructor(base, settings) {
    this.front = new SlackClone(base, settings.user, settings.token);
    Object.assign(this, settings);
  }
  async enter() {
    this.socket = await this.front.connect();
  }
  async say(text) {
    if (this.receiver) return this.socket.send(this.front.direct_frame(this.receiver, text));
    this.socket.send(this.front.channel_frame(this.workspace, this.channel, text));
    return this.socket.frame((frame) => frame.sender === this.user && frame.message === text);
  }
  history() {
    if (this.receiver) return this.front.direct_messages(this.user, this.receiver);
    return this.front.messages(this.workspace, this.channel);
  }
}

module.exports = { SlackClone, Talker };
