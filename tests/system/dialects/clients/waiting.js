// Waiting, with a deadline.
const DEADLINE_MS = 20_000; // generous: the machine may be busy
const PAUSE_MS = 20;

async function deadline(promise, what) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} did not come within ${DEADLINE_MS} ms`)), DEADLINE_MS);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

// Asks again until what it gets is as wanted, and returns that.
async function until(ask, wanted) {
  const end = Date.now() + DEADLINE_MS;
  for (;;) {
    const got = await ask();
    if (wanted(got)) return got;
    if (Date.now() > end) throw new Error(`it is still ${JSON.stringify(got)}`);
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}

module.exports = { deadline, until };
