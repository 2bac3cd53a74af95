// A front end of PageNow, written from its documentation (rows P): the bare token over HTTP, and in the socket's query.
const { call } = require("./http");
const { Socket } = require("./socket");

const PAGE = 15; // messages at first
const MORE = 20; // and each time that more are asked for

class PageNow {
  constructor(base, id, token) {
    Object.assign(this, { base, id, token });
    this.sent = 0;
  }

  ask = (method, path, body) => call(this.base + path, method, body, { Authorization: this.token });
  async get(path) {
    const answer = await this.ask("GET", path);
    if (answer.status !== 200) throw new Error(`${path}: ${answer.status} ${answer.body}`);
    return answer.body;
  }

  // --- conversations
  start(recipientIdArr, title = "") {
    return this.ask("POST", "/conversation", { recipientIdArr, title, isGroup: recipientIdArr.length > 1 });
  }
  direct_with = (user) => this.get(`/conversation/direct/${user}`);
  conversations = (query = "") => this.get(`/conversations${query}`);
  conversation = (id) => this.get(`/conversations/${id}`);
  participants = (id) => this.get(`/conversations/${id}/participants`);
  page(id, offset = 0, limit = PAGE, order = "desc") {
    return this.get(`/conversations/${id}/messages?offset=${offset}&limit=${limit}&order=${order}`);
  }

  // All messages, the newest first, as its list is filled: a page that is short is the last.
  async messages(id) {
    const all = await this.page(id);
    for (let page = all; page.length >= (page === all ? PAGE : MORE); all.push(...page))
      page = await this.page(id, all.length, MORE);
    return all;
  }

  // --- the socket
  address = (token = this.token) => `${this.base.replace("http", "ws")}/dev?Authorization=${token}`;
  connect = () => Socket.open(this.address());
  message(conversationId, content) {
    return { action: "send-message", tempMessageId: `temp-${this.id}-${++this.sent}`, conversationId, content };
  }
  read = (conversationId) => ({ action: "read-messages", conversationId });
}

// In one conversation. Nothing can be edited or taken back.
class Talker {
  constructor(base, settings) {
    this.front = new PageNow(base, settings.user, settings.token);
    Object.assign(this, settings);
  }
  async enter() {
    this.socket = await this.front.connect();
    await this.socket.ask(this.front.read(this.conversation));
  }
  async say(text) {
    const frame = this.front.message(this.conversation, text);
    this.socket.send(frame);
    return this.socket.frame(({ tempMessageId }) => tempMessageId === frame.tempMessageId);
  }
  history = async () => (await this.front.messages(this.conversation)).reverse();
}

module.exports = { PageNow, Talker };
