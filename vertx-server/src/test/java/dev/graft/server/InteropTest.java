package dev.graft.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.grpc.ManagedChannelBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.testing.integration.AbstractInteropTest;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;

/**
 * The cases that implementations of gRPC test each other with, asked by grpc-java: {@code
 * doc/interop-test-descriptions.md} of its sources tells each in full.
 */
@Timeout(120)
class InteropTest {

  private static InteropServer server;

  @BeforeAll
  static void start() throws Exception {
    server = new InteropServer();
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  /** The suite, which asks over a channel of its own. */
  private static final class Suite extends AbstractInteropTest {

    @Override
    protected ManagedChannelBuilder<?> createChannelBuilder() {
      return NettyChannelBuilder.forAddress(ServerOptions.LOOPBACK, server.port()).usePlaintext();
    }

    @Override
    protected boolean metricsExpected() {
      return false;
    }
  }

  /** One case, asked by a suite of its own. */
  private interface Case {
    void run(Suite suite) throws Exception;
  }

  @TestFactory
  Stream<DynamicTest> cases() {
    Map<String, Case> cases = new LinkedHashMap<>();
    cases.put("empty_unary: a message of no bytes", Suite::emptyUnary);
    cases.put("large_unary: a message larger than a frame", Suite::largeUnary);
    cases.put(
        "client_compressed_unary: what says it is compressed, and is not, is refused",
        suite -> suite.clientCompressedUnary(true));
    cases.put("server_compressed_unary: answers compressed or not", Suite::serverCompressedUnary);
    cases.put("client_streaming: many messages, one answer", Suite::clientStreaming);
    cases.put("server_streaming: one message, many answers", Suite::serverStreaming);
    cases.put("ping_pong: each message is answered before the next", Suite::pingPong);
    cases.put("empty_stream: a stream of no messages", Suite::emptyStream);
    cases.put("custom_metadata: headers and trailers in both forms", Suite::customMetadata);
    cases.put("status_code_and_message: a status of the service", Suite::statusCodeAndMessage);
    cases.put("special_status_message: blanks and Unicode", Suite::specialStatusMessage);
    cases.put("unimplemented_method", Suite::unimplementedMethod);
    cases.put("unimplemented_service", Suite::unimplementedService);
    cases.put("cancel_after_begin: before a message", Suite::cancelAfterBegin);
    cases.put("cancel_after_first_response: within a stream", Suite::cancelAfterFirstResponse);
    cases.put("timeout_on_sleeping_server: the deadline ends it", Suite::timeoutOnSleepingServer);
    assertEquals(16, cases.size());
    return cases.entrySet().stream()
        .map(each -> DynamicTest.dynamicTest(each.getKey(), () -> run(each.getValue())));
  }

  private static void run(Case each) throws Exception {
    Suite suite = new Suite();
    suite.setUp();
    try {
      each.run(suite);
    } finally {
      suite.tearDown();
    }
  }
}
