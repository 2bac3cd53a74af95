// A front end of the social media, written from its documentation (rows N): an account, a Bearer token, numbers as ids.
const { call } = require("./http");
const { Socket } = require("./socket");

class SocialMedia {
  constructor(base, email, token) {
    Object.assign(this, { base, email, token });
  }

  bearer = () => (this.token ? { Authorization: `Bearer ${this.token}` } : {});
  ask = (method, path, body) => call(`${this.base}/api/v1${path}`, method, body, this.bearer());
  async get(path) {
    const answer = await this.ask("GET", path);
    if (answer.status !== 200) throw new Error(`${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  }

  // --- users
  sign_up = (name, password) => this.ask("POST", "/users", { email: this.email, name, password, role: "NORMAL" });
  async sign_in(password) {
    const answer = await this.ask("POST", "/auth/token", { email: this.email, password });
    this.token = answer.body.accessToken;
    return answer;
  }
  me = () => this.get("/users/me");

  // --- channels
  make(displayName, type = "GROUP") {
    return this.ask("POST", "/channels", { displayName, type, avatarPath: "/temp/a.png" });
  }
  join = (channelId) => this.ask("POST", "/members", { channelId });
  leave = (channelId) => this.ask("DELETE", "/members", { channelId });
  delete = (channelId) => this.ask("DELETE", `/channels/${channelId}`);
  channel = (channelId) => this.ask("GET", `/channels/${channelId}`);

  // --- chats
  say = (channelId, text) => this.ask("POST", "/chats", { channelId, text });
  chat = ({ id, channelId }) => this.ask("GET", `/chats/${id}?channelId=${channelId}`);
  remove = (channelId, chatIds) => this.ask("DELETE", "/chats/remove-multiple", { channelId, isAll: false, chatIds });
  retract = (channelId, chatIds) => this.ask("PUT", "/chats/retract-multiple", { channelId, chatIds });
  search = (channelId, search) => this.get(`/chats-search?channelId=${channelId}&search=${search}&page=1&perPage=20&order=ASC`);
  page = (channelId, query) => this.get(`/chats?channelId=${channelId}&${query}`);

  // All chats, the oldest first: the next page begins with the chat that the last one named.
  async chats(channelId, perPage = 20) {
    const all = new Map();
    for (let start = "0", more = true; more; more = start !== "0") {
      const page = await this.page(channelId, `scrolling=DOWN&startId=${start}&perPage=${perPage}`);
      for (const chat of page.data) all.set(chat.id, chat);
      start = page.lastTokenId;
    }
    return [...all.values()];
  }

  // --- the socket: of a channel, or with the user's own number of all that he is in
  address = (number) => `${this.base.replace("http", "ws")}/?clientid=clientid_${number}&email=${this.email}`;
  connect = (number) => Socket.open(this.address(number), this.bearer());
  ack = ({ channelId, createdAt }) => ({ event: "onAck", data: { channelId, createdAt } });
}

// In one channel. What was said can be retracted, and can't be edited.
class Talker {
  constructor(base, settings) {
    this.front = new SocialMedia(base, settings.user, settings.token);
    Object.assign(this, settings);
  }
  async enter() {
    this.socket = await this.front.connect(this.channel);
  }
  async say(text) {
    const answer = await this.front.say(this.channel, text);
    if (answer.status !== 201) throw new Error(JSON.stringify(answer));
    return answer.body;
  }
  async retract({ id }) {
    const answer = await this.front.retract(this.channel, [id]);
    if (answer.status !== 204) throw new Error(JSON.stringify(answer));
  }
  history = () => this.front.chats(this.channel);
}

module.exports = { SocialMedia, Talker };
