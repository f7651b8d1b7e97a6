// What the page asks of the server.

const TOKEN = "graft-token";

export const token = {
  get: () => sessionStorage.getItem(TOKEN) ?? "",
  set: (value) => sessionStorage.setItem(TOKEN, value),
};

async function ask(method, path, body) {
  const headers = token.get() ? { authorization: `Bearer ${token.get()}` } : {};
  const response = await fetch(path, { method, headers, body: body && JSON.stringify(body) });
  if (!response.ok) {
    const told = await response.json().catch(() => ({}));
    const error = new Error(told.error ?? `${path}: ${response.status}`);
    error.status = response.status;
    throw error;
  }
  return response;
}

const json = async (method, path, body) => (await ask(method, path, body)).json();

export const server = () => json("GET", "/v2");
export const models = () => json("POST", "/v2/repository/index", {});
export const config = (model) => json("GET", `/v2/models/${encodeURIComponent(model)}/config`);
export const infer = (model, input) =>
  json("POST", `/v2/models/${encodeURIComponent(model)}/infer`, { inputs: [input] });
export const transfer = (call, message = {}) => json("POST", `/graft/v1/${call}`, message);

/** Samples of the metrics: [{name, labels, value}]. */
export async function metrics() {
  const text = await (await ask("GET", "/metrics")).text();
  const samples = [];
  for (const line of text.split("\n")) {
    const parts = /^(\w+)(?:\{(.*)\})? (\S+)$/.exec(line);
    if (parts) {
      const labels = {};
      for (const [, key, value] of (parts[2] ?? "").matchAll(/(\w+)="([^"]*)"/g)) {
        labels[key] = value;
      }
      samples.push({ name: parts[1], labels, value: Number(parts[3]) });
    }
  }
  return samples;
}

/** Events of a job, as they come, until it ends or `stop` says so. */
export async function* watch(job, stop) {
  const response = await ask("POST", "/graft/v1/Watch", { job });
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  stop.addEventListener("abort", () => reader.cancel());
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) {
      return;
    }
    const lines = (rest + value).split("\n");
    rest = lines.pop();
    for (const line of lines) {
      yield JSON.parse(line);
    }
  }
}
