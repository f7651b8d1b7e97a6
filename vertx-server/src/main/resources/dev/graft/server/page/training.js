// The section that trains: a form, jobs, their curves, their reports.

import * as calls from "./calls.js";
import { byId, cell, element, guarded, rows } from "./elements.js";

const ENDED = ["SUCCEEDED", "FAILED", "CANCELLED"];

let trains = false;
let watched = "";
let stop = new AbortController();

/** Shows the section where the server trains and the token may. */
export async function openTraining() {
  try {
    const { bases = [], data = [] } = await calls.transfer("ListNames");
    fill("base", bases);
    fill("data", data);
    trains = true;
  } catch (error) {
    if (![401, 403, 404].includes(error.status)) {
      throw error;
    }
    trains = false;
  }
  byId("training").hidden = !trains;
}

function fill(id, names) {
  byId(id).replaceChildren(...names.map((name) => element("option", { value: name }, name)));
}

/** What the form asks for. */
function wanted() {
  return {
    base: byId("base").value,
    data: byId("data").value,
    methods: byId("methods").value.trim(),
    seed: Number(byId("seed").value),
    per_class: Number(byId("per-class").value),
  };
}

export async function showJobs() {
  if (!trains) {
    return;
  }
  const { jobs = [] } = await calls.transfer("ListJobs");
  rows("jobs", jobs, "No job yet.", (job) => [
    cell(job.id),
    element("td", { title: job.message ?? "" }, element("span", { className: `state ${job.state}` }, job.state)),
    cell(job.transfer.base),
    cell(job.transfer.data),
    cell(job.transfer.methods || "linear-probe"),
    cell(new Date(Number(job.created_ms)).toLocaleTimeString("en-GB")),
    element("td", { className: "buttons" }, ...actions(job)),
  ]);
  const running = jobs.find((job) => job.state === "RUNNING");
  if (!watched && running) {
    guarded(watch)(running.id);
  }
}

function actions(job) {
  const button = (name, work) => element("button", { type: "button", onclick: guarded(work) }, name);
  const buttons = [button("Watch", () => watch(job.id))];
  if (!ENDED.includes(job.state)) {
    buttons.push(button("Cancel", async () => {
      await calls.transfer("Cancel", { job: job.id });
      await showJobs();
    }));
  }
  if (job.state === "SUCCEEDED") {
    buttons.push(button("Report", () => report(job.id)));
    buttons.push(button("Promote", () => promote(job)));
  }
  return buttons;
}

async function promote(job) {
  const model = prompt("Which model is to answer with this version?", job.transfer.data);
  if (model) {
    const { version } = await calls.transfer("Promote", { model, job: job.id });
    byId("live-title").textContent = `${model} answers with version ${version}`;
    byId("live").hidden = false;
  }
}

// ---- curves ----

const charts = {};

function chart(id) {
  charts[id]?.destroy();
  const data = { datasets: [] };
  charts[id] = new Chart(byId(id), {
    type: "line",
    data,
    options: {
      animation: false,
      maintainAspectRatio: false,
      parsing: false,
      scales: { x: { type: "linear", ticks: { precision: 0 } } },
      elements: { point: { radius: 2 } },
    },
  });
  return charts[id];
}

function add(drawn, name, x, y) {
  if (!Number.isFinite(Number(y))) {
    return;
  }
  let set = drawn.data.datasets.find((each) => each.label === name);
  if (!set) {
    const color = ["#1f7778", "#cc5c2d", "#5b6875", "#8a6fb0"][drawn.data.datasets.length % 4];
    set = { label: name, data: [], borderColor: color, backgroundColor: color, borderWidth: 2 };
    drawn.data.datasets.push(set);
  }
  set.data.push({ x: Number(x), y: Number(y) });
}

async function watch(job) {
  stop.abort();
  stop = new AbortController();
  const own = stop.signal;
  watched = job;
  byId("live").hidden = false;
  byId("live-title").textContent = job;
  byId("live-state").textContent = "";
  const loss = chart("loss");
  const metric = chart("metric");
  for await (const event of calls.watch(job, own)) {
    if (own.aborted) {
      return;
    }
    show(event, loss, metric);
  }
}

function show(event, loss, metric) {
  const say = (text) => (byId("live-state").textContent = text);
  if (event.phase_started) {
    const { name, number, of, trainable = 0 } = event.phase_started;
    say(`${name}, phase ${number} of ${of}: ${Number(trainable).toLocaleString("en")} parameters train`);
  } else if (event.progress) {
    add(loss, event.progress.phase, event.progress.update, event.progress.loss);
    loss.update();
  } else if (event.epoch_ended) {
    const { phase, epoch = 0, validation = {} } = event.epoch_ended;
    const id = Object.keys(validation).find((name) => name !== "loss");
    byId("metric-title").textContent = `Validation ${id?.replaceAll("_", " ") ?? ""} by epoch`;
    add(metric, phase, epoch, validation[id]);
    metric.update();
  } else if (event.note) {
    say(event.note.text);
  } else if (event.ended) {
    say(`${event.ended.state.toLowerCase()} ${event.ended.message ?? ""}`);
    guarded(showJobs)();
  }
}

// ---- report ----

/** Shows the page of a run in a frame that is cut off from this one. */
async function report(job) {
  const { html } = await calls.transfer("GetReport", { job });
  const frame = byId("report-frame");
  const ready = (event) => {
    if (event.source === frame.contentWindow) {
      removeEventListener("message", ready);
      frame.contentWindow.postMessage(html, "*");
    }
  };
  addEventListener("message", ready);
  frame.src = "report.html";
  byId("report").hidden = false;
  byId("report").scrollIntoView({ behavior: "smooth" });
}

byId("report-close").addEventListener("click", () => {
  byId("report").hidden = true;
  byId("report-frame").src = "about:blank";
});

byId("plan").addEventListener("click", guarded(async () => {
  const planned = byId("planned");
  planned.hidden = false;
  planned.textContent = "…";
  planned.textContent = (await calls.transfer("Plan", { transfer: wanted() })).plan;
}));

byId("train").addEventListener("submit", (event) => {
  event.preventDefault();
  guarded(async () => {
    const job = await calls.transfer("Fit", { transfer: wanted() });
    await watchOnceShown(job.id);
  })();
});

async function watchOnceShown(id) {
  await showJobs();
  await watch(id);
}
