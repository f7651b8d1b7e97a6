// The sections of the page: figures, models, trying one.

import * as calls from "./calls.js";
import { openTraining, showJobs } from "./training.js";
import { byId, cell, element, guarded, rows } from "./elements.js";

const EVERY = 5000;

function sum(samples, name, labels = {}) {
  return samples
    .filter((s) => s.name === name && Object.entries(labels).every(([k, v]) => s.labels[k] === v))
    .reduce((total, sample) => total + sample.value, 0);
}

function showGlance(samples, models) {
  const figures = {
    "Models ready": models.filter((model) => model.state === "READY").length,
    "Inputs predicted": sum(samples, "nv_inference_count"),
    "Requests answered": sum(samples, "nv_inference_request_success"),
    "Requests failed": sum(samples, "nv_inference_request_failure"),
    "Calls open": sum(samples, "graft_calls_open"),
  };
  byId("glance").replaceChildren(
    ...Object.entries(figures).map(([name, value]) =>
      element("div", {}, element("dt", {}, name), element("dd", {}, value.toLocaleString("en")))));
}

function showModels(samples, models) {
  rows("models", models, "There is no model yet.", (model) => {
    const labels = { model: model.name, version: model.version };
    const answered = sum(samples, "nv_inference_request_success", labels);
    const micros = sum(samples, "nv_inference_request_duration_us", labels);
    return [
      cell(model.name),
      cell(model.version),
      cell(model.state, model.reason),
      cell(answered),
      cell(sum(samples, "nv_inference_request_failure", labels)),
      cell(answered ? (micros / answered / 1000).toFixed(1) : "–"),
      element("td", {}, element("button", { onclick: () => choose(model.name) }, "Try")),
    ];
  });
  const select = byId("try-model");
  const names = [...new Set(models.filter((m) => m.state === "READY").map((m) => m.name))];
  if (names.join() !== [...select.options].map((option) => option.value).join()) {
    select.replaceChildren(...names.map((name) => element("option", { value: name }, name)));
    guarded(fitTry)();
  }
}

// ---- try it ----

let modality = "";
let labels = [];

function choose(name) {
  byId("try-model").value = name;
  guarded(fitTry)();
  byId("try").scrollIntoView({ behavior: "smooth" });
}

async function fitTry() {
  const name = byId("try-model").value;
  byId("answer").replaceChildren();
  if (!name) {
    return;
  }
  const { parameters } = await calls.config(name);
  modality = parameters.modality.string_value ?? "";
  labels = JSON.parse(parameters.labels.string_value);
  byId("try-image").hidden = modality !== "image";
  byId("try-text").hidden = modality === "image";
  byId("try-label").textContent = modality === "text" ? "Text" : "Row, as a line of the data has it";
}

async function base64(file) {
  const bytes = new Uint8Array(await file.arrayBuffer());
  let text = "";
  for (const byte of bytes) {
    text += String.fromCharCode(byte);
  }
  return btoa(text);
}

async function predict() {
  const input = { name: "content", datatype: "BYTES", shape: [1] };
  if (modality === "image") {
    const file = byId("try-file").files[0];
    if (!file) {
      throw new Error("choose an image first");
    }
    input.parameters = { content_type: "base64" };
    input.data = [await base64(file)];
  } else {
    input.data = [byId("try-words").value];
  }
  const answer = await calls.infer(byId("try-model").value, input);
  const output = (name) => answer.outputs.find((each) => each.name === name);
  const shown = {
    value: (data) => element("p", { className: "figure" }, data[0]),
    spans: (data) => spans(JSON.parse(data[0])),
    probabilities: bars,
  };
  const found = Object.keys(shown).find(output);
  byId("answer").replaceChildren(
    element("p", { className: "soft" }, `${answer.model_name}, version ${answer.model_version}`),
    shown[found](output(found).data));
  await refresh();
}

function spans(found) {
  return found.length === 0
    ? element("p", { className: "soft" }, "Nothing was found in it.")
    : bars(found.map((span) => span.probability), found.map((span) => `${span.label}: ${span.text}`));
}

function bars(probabilities, names = labels) {
  const best = probabilities
    .map((probability, i) => ({ probability, label: names[i] }))
    .sort((a, b) => b.probability - a.probability)
    .slice(0, 10);
  return element("ol", { className: "bars" }, ...best.map(({ label, probability }) =>
    element("li", {},
      element("span", {}, label),
      element("meter", { value: probability, max: 1, min: 0 }),
      element("span", {}, `${(100 * probability).toFixed(1)} %`))));
}

function preview() {
  const file = byId("try-file").files[0];
  const image = byId("try-preview");
  image.hidden = !file;
  if (file) {
    image.src = URL.createObjectURL(file);
  }
}

function acceptDrops() {
  const area = byId("try-image");
  area.addEventListener("dragover", (event) => event.preventDefault());
  area.addEventListener("drop", (event) => {
    event.preventDefault();
    byId("try-file").files = event.dataTransfer.files;
    preview();
  });
  byId("try-file").addEventListener("change", preview);
}

// ---- all ----

async function refresh() {
  const [samples, models] = await Promise.all([calls.metrics(), calls.models()]);
  showGlance(samples, models);
  showModels(samples, models);
  await showJobs();
}

async function start() {
  const about = await calls.server();
  byId("server").textContent = about.version ? `version ${about.version}` : "";
  await openTraining();
  await refresh();
}

byId("token").value = calls.token.get();
byId("access").addEventListener("submit", (event) => {
  event.preventDefault();
  calls.token.set(byId("token").value.trim());
  guarded(start)();
});
byId("try").addEventListener("submit", (event) => {
  event.preventDefault();
  guarded(predict)();
});
byId("try-model").addEventListener("change", guarded(fitTry));
acceptDrops();
guarded(start)();
setInterval(guarded(refresh), EVERY);
