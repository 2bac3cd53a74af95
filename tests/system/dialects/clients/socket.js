// A WebSocket as a front end keeps it: what came and was not asked for yet waits, in order.
const WebSocket = require("ws");
const { deadline } = require("./waiting");

class Socket {
  // Resolves when the socket is open; a handshake that is refused is an error with its status.
  static async open(url, headers) {
    const socket = new Socket(new WebSocket(url, { headers, perMessageDeflate: false }));
    await deadline(socket.opened, "a handshake");
    return socket;
  }

  // The status and text with which a handshake is refused.
  static async refusal(url, headers) {
    try {
      await Socket.open(url, headers);
    } catch (error) {
      return { status: error.status, text: error.message };
    }
    throw new Error("the handshake was taken");
  }

  constructor(connection) {
    this.connection = connection;
    this.heard = []; // all texts, also those that were taken
    this.waiting = [];
    this.woken = () => {};
    this.opened = new Promise((resolve, reject) => {
      connection.on("open", resolve);
      connection.on("error", reject);
      connection.on("unexpected-response", (request, response) => this.refused(response, reject));
    });
    this.closed = new Promise((resolve) => connection.on("close", resolve));
    connection.on("message", (data) => this.take_in(data.toString()));
  }

  refused(response, reject) {
    let text = "";
    response.on("data", (part) => (text += part));
    response.on("end", () => reject(Object.assign(new Error(text), { status: response.statusCode })));
  }

  take_in(text) {
    this.heard.push(text);
    this.waiting.push(text);
    this.woken();
  }

  send(frame) {
    this.connection.send(typeof frame === "string" ? frame : JSON.stringify(frame));
  }

  // Takes the first text that is as wanted, now or when it comes.
  async text(wanted = () => true) {
    for (;;) {
      const at = this.waiting.findIndex(wanted);
      if (at >= 0) return this.waiting.splice(at, 1)[0];
      await deadline(new Promise((resolve) => (this.woken = resolve)), "a frame");
    }
  }

  async frame(wanted = () => true) {
    return JSON.parse(await this.text((text) => text.startsWith("{") && wanted(JSON.parse(text))));
  }

  // Sends a frame and takes the next that comes.
  async ask(frame) {
    this.send(frame);
    return this.frame();
  }

  async close() {
    this.connection.close();
    await deadline(this.closed, "a close");
  }
}

module.exports = { Socket };
