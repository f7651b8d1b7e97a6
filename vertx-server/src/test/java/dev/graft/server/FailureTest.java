package dev.graft.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import dev.graft.server.protocol.ModelInferRequest;
import dev.graft.server.protocol.ModelInferResponse;
import io.vertx.grpc.common.GrpcStatus;
import io.vertx.grpc.server.StatusException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What clients are told of an exception follows from where it comes from. */
@Timeout(120)
class FailureTest {

  private static ModelInferRequest request(byte[] content) {
    ModelInferRequest.Builder request = ModelInferRequest.newBuilder().setModelName("pictures");
    request
        .addInputsBuilder()
        .setName("content")
        .setDatatype("BYTES")
        .addShape(1)
        .getContentsBuilder()
        .addBytesContents(ByteString.copyFrom(content));
    return request.build();
  }

  @Test
  void ofTheirInputsTheyAreToldOfComputingNot(@TempDir Path models) throws Exception {
    Fixture.noted(models.resolve("pictures"));
    ModelInferResponse form = ModelInferResponse.getDefaultInstance();
    try (Fixture fixture = new Fixture(ServerOptions.of(models))) {
      StatusException input = fixture.refused("ModelInfer", request(new byte[3]), form, null);
      assertEquals(GrpcStatus.INVALID_ARGUMENT, input.status());
      assertTrue(input.message().contains("cannot read 'input 0'"), input::message);
      NotedModality.BROKEN.set(true);
      StatusException own = fixture.refused("ModelInfer", request(Fixture.picture(0)), form, null);
      assertEquals(GrpcStatus.INTERNAL, own.status());
      assertFalse(own.message().contains("only the log"), own::message);
    } finally {
      NotedModality.BROKEN.set(false);
    }
  }
}
