// Calls by fetch: status and body, which is JSON if it says so.
async function call(url, method, body, headers = {}) {
  const sent = { method, headers: { ...headers } };
  if (body !== undefined) {
    sent.headers["Content-Type"] = "application/json";
    sent.body = JSON.stringify(body);
  }
  const answer = await fetch(url, sent);
  const text = await answer.text();
  const is_json = (answer.headers.get("Content-Type") ?? "").startsWith("application/json");
  return { status: answer.status, body: is_json ? JSON.parse(text) : text };
}

module.exports = { call };
