// A front end of the room chat, written from its documentation (rows W): everything over one socket.
const { Socket } = require("./socket");

const OK = 200;

// Frames of messages are checked as that system's front ends do: with one of these missing it could not show it.
function is_message(frame) {
  if (frame.action !== "onMessage") return false;
  for (const field of ["userId", "room", "postedAt"])
    if (typeof frame[field] !== "string") throw new Error(`${field} of ${JSON.stringify(frame)} is no string`);
  return true;
}

const is_new = (frame) => is_message(frame) && frame.modifiedAt === frame.postedAt && !frame.isDeleted;

class RoomChat {
  constructor(base, name, token) {
    Object.assign(this, { base, name, token });
  }

  address = (token = this.token) => `${this.base.replace("http", "ws")}/dev?token=${token}`;
  async connect() {
    this.socket = await Socket.open(this.address());
    return this;
  }

  // A frame, and the status that answers it, whatever is broadcast meanwhile.
  async ask(action, fields) {
    this.socket.send({ action, ...fields });
    return this.socket.frame((frame) => "statusCode" in frame);
  }

  join = (room, more) => this.ask("onJoin", { room, name: this.name, ...more });
  leave = () => this.join("_lobby");
  say = (room, message) => this.ask("onMessage", { room, message, name: this.name });
  edit = ({ room, userId, postedAt }, message) => this.ask("onMessage", { room, userId, postedAt, message });
  remove = ({ room, userId, postedAt }) => this.ask("onMessage", { room, userId, postedAt, isDeleted: true });
  message = () => this.socket.frame(is_message);

  // What is shown of a room: its messages come before the status, sorted.
  async history(room, more) {
    const before = this.socket.heard.length;
    const status = await this.ask("onHistory", { room, ...more });
    if (status.statusCode !== OK) throw new Error(JSON.stringify(status));
    this.socket.waiting = [];
    return this.socket.heard.slice(before).map((text) => JSON.parse(text)).filter(is_message);
  }
}

// In one room; names its own messages by the time at which it heard of them.
class Talker {
  constructor(base, settings) {
    this.front = new RoomChat(base, settings.user, settings.token);
    Object.assign(this, settings);
  }
  async enter() {
    await this.front.connect();
    expect_ok(await this.front.join(this.room));
  }
  async say(text) {
    expect_ok(await this.front.say(this.room, text));
    return this.front.socket.frame((frame) => is_message(frame) && frame.userId === this.user && frame.message === text);
  }
  edit = async (said, text) => expect_ok(await this.front.edit(said, text));
  retract = async (said) => expect_ok(await this.front.remove(said));
  get socket() {
    return this.front.socket;
  }
  history = () => this.front.history(this.room, { limit: 200 });
}

function expect_ok(status) {
  if (status.statusCode !== OK) throw new Error(JSON.stringify(status));
}

module.exports = { RoomChat, Talker, is_new };
