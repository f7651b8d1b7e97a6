// Lists the models of a server, reads what one takes and gives, and asks it about files: each alone
// with typed contents, then all in one batch with raw contents.
//
//   npm install
//   npm run infer -- 127.0.0.1:8001 MODEL FILE...
import { readFileSync } from "node:fs";
import { promisify } from "node:util";
import grpc from "@grpc/grpc-js";
import loader from "@grpc/proto-loader";

const PROTO = new URL("../../../vertx-server/src/main/proto/inference.proto", import.meta.url).pathname;
const DEADLINE_MS = 10_000;

const [address, model, ...files] = process.argv.slice(2);
if (files.length === 0) {
  console.error("usage: npm run infer -- HOST:PORT MODEL FILE...");
  process.exit(2);
}

const definition = loader.loadSync(PROTO, { keepCase: true, longs: Number, defaults: true });
const { inference } = grpc.loadPackageDefinition(definition);
const client = new inference.GRPCInferenceService(address, grpc.credentials.createInsecure());

/** Calls a method; an error of gRPC has the code and the details of the status. */
function call(method, request) {
  const options = { deadline: Date.now() + DEADLINE_MS };
  return promisify(client[method].bind(client))(request, new grpc.Metadata(), options);
}

/** Each element of BYTES follows its length in four bytes, little endian. */
function raw(contents) {
  return Buffer.concat(
    contents.flatMap((content) => {
      const length = Buffer.alloc(4);
      length.writeUInt32LE(content.length);
      return [length, content];
    }),
  );
}

function input(count, contents) {
  return { name: "content", datatype: "BYTES", shape: [count], ...contents };
}

/** The strings of a raw output of BYTES. */
function strings(bytes) {
  const all = [];
  for (let at = 0; at < bytes.length; ) {
    const length = bytes.readUInt32LE(at);
    all.push(bytes.toString("utf8", at + 4, at + 4 + length));
    at += 4 + length;
  }
  return all;
}

const index = await call("RepositoryIndex", { ready: true });
console.log("models:", index.models.map((each) => `${each.name} ${each.version}`).join(", "));
const metadata = await call("ModelMetadata", { name: model });
for (const each of metadata.inputs) {
  console.log(`input ${each.name}: ${each.datatype} (${each.shape})`);
}

const contents = files.map((file) => readFileSync(file));
for (const [i, content] of contents.entries()) {
  const answer = await call("ModelInfer", {
    model_name: model,
    inputs: [input(1, { contents: { bytes_contents: [content] } })],
  });
  const outputs = Object.fromEntries(answer.outputs.map((each) => [each.name, each.contents]));
  const label = outputs.label?.bytes_contents[0].toString() ?? outputs.value.fp64_contents[0];
  const best = outputs.probabilities ? Math.max(...outputs.probabilities.fp32_contents) : "";
  console.log(`${files[i]}: ${label} ${best}`);
}

const batch = await call("ModelInfer", {
  model_name: model,
  inputs: [input(contents.length, {})],
  raw_input_contents: [raw(contents)],
});
const labels = batch.outputs.findIndex((each) => each.name === "label");
console.log("batch:", labels < 0 ? batch.outputs[0].shape : strings(batch.raw_output_contents[labels]).join(", "));
client.close();
