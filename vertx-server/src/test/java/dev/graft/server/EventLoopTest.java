package dev.graft.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.protobuf.ByteString;
import dev.graft.server.protocol.ModelInferRequest;
import dev.graft.server.protocol.ModelInferResponse;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What takes long is done elsewhere: an event loop serves other connections, too. */
@Timeout(120)
class EventLoopTest {

  @Test
  void inputsAreTransformedOnAWorker(@TempDir Path models) throws Exception {
    Fixture.noted(models.resolve("pictures"));
    ModelInferRequest.Builder request = ModelInferRequest.newBuilder().setModelName("pictures");
    request
        .addInputsBuilder()
        .setName("content")
        .setDatatype("BYTES")
        .addShape(2)
        .getContentsBuilder()
        .addBytesContents(ByteString.copyFrom(Fixture.picture(0)))
        .addBytesContents(ByteString.copyFrom(Fixture.picture(1)));
    NotedModality.ON_EVENT_LOOP.clear();
    try (Fixture fixture = new Fixture(ServerOptions.of(models))) {
      var unused =
          fixture.call("ModelInfer", request.build(), ModelInferResponse.getDefaultInstance());
    }
    assertEquals(List.of(false, false), List.copyOf(NotedModality.ON_EVENT_LOOP));
  }
}
