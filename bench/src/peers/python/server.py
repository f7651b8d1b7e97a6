"""Serves an encoder of texts over gRPC; prints its port. The argument is the protocol's description."""
import sys
from concurrent import futures

import grpc
import torch
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
from torch import nn

WORDS, WIDTH, LAYERS, CLASSES = 2000, 384, 6, 2


class Encoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.words = nn.Embedding(WORDS, WIDTH)
        self.positions = nn.Embedding(128, WIDTH)
        self.norm = nn.LayerNorm(WIDTH)
        layer = nn.TransformerEncoderLayer(WIDTH, 12, 4 * WIDTH, activation="gelu", batch_first=True)
        self.layers = nn.TransformerEncoder(layer, LAYERS)
        self.head = nn.Linear(WIDTH, CLASSES)

    def forward(self, ids):
        x = self.norm(self.words(ids) + self.positions(torch.arange(ids.shape[1])))
        return self.head(self.layers(x).mean(1)).softmax(-1)


def main():
    torch.set_num_threads(2)
    model = Encoder().eval()
    pool = descriptor_pool.DescriptorPool()
    with open(sys.argv[1], "rb") as file:
        pool.Add(descriptor_pb2.FileDescriptorProto.FromString(file.read()))
    make = message_factory.MessageFactory(pool).GetPrototype
    request_type = make(pool.FindMessageTypeByName("inference.ModelInferRequest"))
    response_type = make(pool.FindMessageTypeByName("inference.ModelInferResponse"))

    def infer(request, context):
        words = request.inputs[0].contents.bytes_contents[0].decode().split()
        ids = torch.tensor([[2] + [int(word[1:]) for word in words] + [3]])
        with torch.inference_mode():
            scores = model(ids)[0].tolist()
        response = response_type(model_name=request.model_name, model_version="1")
        output = response.outputs.add(name="probabilities", datatype="FP32", shape=[1, CLASSES])
        output.contents.fp32_contents.extend(scores)
        return response

    server = grpc.server(futures.ThreadPoolExecutor(8))
    server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(
        "inference.GRPCInferenceService",
        {"ModelInfer": grpc.unary_unary_rpc_method_handler(
            infer, request_type.FromString, response_type.SerializeToString)}),))
    print(server.add_insecure_port("127.0.0.1:0"), flush=True)
    server.start()
    server.wait_for_termination()


main()
