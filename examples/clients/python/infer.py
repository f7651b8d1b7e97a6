"""Lists the models of a server, reads what one takes and gives, and asks it about files: each alone
with typed contents, then all in one batch with raw contents.

    python3 -m grpc_tools.protoc -I ../../../vertx-server/src/main/proto \
        --python_out=. --grpc_python_out=. inference.proto
    python3 infer.py 127.0.0.1:8001 MODEL FILE...
"""

import struct
import sys
from pathlib import Path

import grpc

import inference_pb2
import inference_pb2_grpc

DEADLINE_S = 10


def input_tensor(count, contents=None):
    return inference_pb2.ModelInferRequest.InferInputTensor(
        name="content", datatype="BYTES", shape=[count], contents=contents
    )


def typed(model, content):
    contents = inference_pb2.InferTensorContents(bytes_contents=[content])
    return inference_pb2.ModelInferRequest(model_name=model, inputs=[input_tensor(1, contents)])


def raw(model, contents):
    """Each element of BYTES follows its length in four bytes, little endian."""
    joined = b"".join(struct.pack("<I", len(content)) + content for content in contents)
    return inference_pb2.ModelInferRequest(
        model_name=model, inputs=[input_tensor(len(contents))], raw_input_contents=[joined]
    )


def strings(content):
    """The strings of a raw output of BYTES."""
    found = []
    at = 0
    while at < len(content):
        (length,) = struct.unpack_from("<I", content, at)
        found.append(content[at + 4 : at + 4 + length].decode())
        at += 4 + length
    return found


def elements(answer, index):
    """The elements of an output, which is raw where the request was."""
    output = answer.outputs[index]
    if not answer.raw_output_contents:
        if output.datatype == "FP32":
            return output.contents.fp32_contents
        if output.datatype == "FP64":
            return output.contents.fp64_contents
        return [each.decode() for each in output.contents.bytes_contents]
    content = answer.raw_output_contents[index]
    if output.datatype == "FP32":
        return struct.unpack("<%df" % (len(content) // 4), content)
    if output.datatype == "FP64":
        return struct.unpack("<%dd" % (len(content) // 8), content)
    return strings(content)


def lines(answer):
    """What was said of each input: the label and its probability, or the number."""
    outputs = {each.name: elements(answer, i) for i, each in enumerate(answer.outputs)}
    if "value" in outputs:
        return [str(value) for value in outputs["value"]]
    labels, probabilities = outputs["label"], outputs["probabilities"]
    classes = len(probabilities) // len(labels)
    best = [max(probabilities[i * classes : (i + 1) * classes]) for i in range(len(labels))]
    return ["%s %.3f" % row for row in zip(labels, best)]


def ask(service, model, files):
    contents = [Path(file).read_bytes() for file in files]
    ready = inference_pb2.RepositoryIndexRequest(ready=True)
    index = service.RepositoryIndex(ready, timeout=DEADLINE_S)
    print("models:", ", ".join("%s %s" % (each.name, each.version) for each in index.models))
    name = inference_pb2.ModelMetadataRequest(name=model)
    metadata = service.ModelMetadata(name, timeout=DEADLINE_S)
    for each in metadata.inputs:
        print("input %s: %s %s" % (each.name, each.datatype, list(each.shape)))
    for file, content in zip(files, contents):
        answer = service.ModelInfer(typed(model, content), timeout=DEADLINE_S)
        print("%s: %s" % (file, lines(answer)[0]))
    answer = service.ModelInfer(raw(model, contents), timeout=DEADLINE_S)
    print("batch:", ", ".join(lines(answer)))


def main(address, model, *files):
    try:
        with grpc.insecure_channel(address) as channel:
            ask(inference_pb2_grpc.GRPCInferenceServiceStub(channel), model, files)
    except grpc.RpcError as e:
        sys.exit("%s: %s" % (e.code().name, e.details()))
    except OSError as e:
        sys.exit("cannot read: %s" % e)


if __name__ == "__main__":
    if len(sys.argv) < 4:
        print("usage: python3 infer.py HOST:PORT MODEL FILE...", file=sys.stderr)
        sys.exit(2)
    main(*sys.argv[1:])
