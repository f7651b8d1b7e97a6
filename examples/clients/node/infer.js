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

/** The elements of a raw output. */
function rawElements(datatype, bytes) {
  const all = [];
  for (let at = 0; at < bytes.length; ) {
    if (datatype === "FP32") {
      all.push(bytes.readFloatLE(at));
      at += 4;
    } else if (datatype === "FP64") {
      all.push(bytes.readDoubleLE(at));
      at += 8;
    } else {
      const end = at + 4 + bytes.readUInt32LE(at);
      all.push(bytes.toString("utf8", at + 4, end));
      at = end;
    }
  }
  return all;
}

/** The elements of an output, which is raw where the request was. */
function elements(answer, i) {
  const { datatype, contents } = answer.outputs[i];
  if (answer.raw_output_contents.length > 0) {
    return rawElements(datatype, answer.raw_output_contents[i]);
  }
  const fields = { FP32: contents.fp32_contents, FP64: contents.fp64_contents };
  return fields[datatype] ?? contents.bytes_contents.map((each) => each.toString());
}

/** What was said of each input: the label and its probability, or the number. */
function lines(answer) {
  const outputs = Object.fromEntries(answer.outputs.map((each, i) => [each.name, elements(answer, i)]));
  const { value, label, probabilities } = outputs;
  if (value) {
    return value.map(String);
  }
  const classes = probabilities.length / label.length;
  return label.map((each, i) => {
    const best = Math.max(...probabilities.slice(i * classes, (i + 1) * classes));
    return `${each} ${best.toFixed(3)}`;
  });
}

async function ask() {
  const contents = files.map((file) => readFileSync(file));
  const index = await call("RepositoryIndex", { ready: true });
  console.log("models:", index.models.map((each) => `${each.name} ${each.version}`).join(", "));
  const metadata = await call("ModelMetadata", { name: model });
  for (const each of metadata.inputs) {
    console.log(`input ${each.name}: ${each.datatype} [${each.shape.join(", ")}]`);
  }
  for (const [i, content] of contents.entries()) {
    const answer = await call("ModelInfer", {
      model_name: model,
      inputs: [input(1, { contents: { bytes_contents: [content] } })],
    });
    console.log(`${files[i]}: ${lines(answer)[0]}`);
  }
  const answer = await call("ModelInfer", {
    model_name: model,
    inputs: [input(contents.length, {})],
    raw_input_contents: [raw(contents)],
  });
  console.log("batch:", lines(answer).join(", "));
}

try {
  await ask();
} catch (e) {
  // gRPC numbers its codes, Node names them.
  console.error(typeof e.code === "number" ? `${grpc.status[e.code]}: ${e.details}` : e.message);
  process.exitCode = 1;
} finally {
  client.close();
}
