package dev.graft.server;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import dev.graft.server.operations.AccessLog;
import dev.graft.server.operations.ServerMetrics;
import dev.graft.server.operations.Traffic;
import io.grpc.testing.integration.EmptyProtos.Empty;
import io.grpc.testing.integration.Messages.EchoStatus;
import io.grpc.testing.integration.Messages.Payload;
import io.grpc.testing.integration.Messages.ResponseParameters;
import io.grpc.testing.integration.Messages.SimpleRequest;
import io.grpc.testing.integration.Messages.SimpleResponse;
import io.grpc.testing.integration.Messages.StreamingInputCallRequest;
import io.grpc.testing.integration.Messages.StreamingInputCallResponse;
import io.grpc.testing.integration.Messages.StreamingOutputCallRequest;
import io.grpc.testing.integration.Messages.StreamingOutputCallResponse;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.grpc.common.GrpcMessage;
import io.vertx.grpc.common.GrpcMessageDecoder;
import io.vertx.grpc.common.GrpcMessageEncoder;
import io.vertx.grpc.common.GrpcStatus;
import io.vertx.grpc.common.ServiceMethod;
import io.vertx.grpc.common.ServiceName;
import io.vertx.grpc.server.GrpcServer;
import io.vertx.grpc.server.GrpcServerRequest;
import io.vertx.grpc.server.GrpcServerResponse;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.zip.GZIPInputStream;

/**
 * The service that interoperability of gRPC is tested with, {@code grpc.testing.TestService}, on
 * connections and calls as {@link GraftServer} takes them.
 */
final class InteropServer implements AutoCloseable {

  private static final ServiceName SERVICE = ServiceName.create("grpc.testing.TestService");
  private static final String IDENTITY = "identity";
  private static final String GZIP = "gzip";
  private static final String ECHO = "x-grpc-test-echo-initial";
  private static final String ECHO_TRAILING = "x-grpc-test-echo-trailing-bin";

  private final Vertx vertx = Vertx.vertx();
  private final GrpcServer grpc;
  private final HttpServer http;

  InteropServer() throws Exception {
    ServerOptions options =
        ServerOptions.of(Path.of("none")).withAddress(ServerOptions.LOOPBACK, 0);
    grpc = GrpcServer.server(vertx, GraftServer.grpcOptions(options));
    bind("EmptyCall", Empty.getDefaultInstance(), this::empty);
    bind("UnaryCall", SimpleRequest.getDefaultInstance(), this::unary);
    bind("StreamingInputCall", StreamingInputCallRequest.getDefaultInstance(), this::input);
    bind("StreamingOutputCall", StreamingOutputCallRequest.getDefaultInstance(), this::output);
    bind("FullDuplexCall", StreamingOutputCallRequest.getDefaultInstance(), this::output);
    Traffic traffic =
        new Traffic(new ServerMetrics(), AccessLog.none(), Clock.systemUTC(), Set.of());
    http =
        Fixture.await(
            vertx
                .createHttpServer(GraftServer.httpOptions(options))
                .requestHandler(traffic.around(call -> grpc.handle(new GuardedCall(call))))
                .listen());
  }

  int port() {
    return http.actualPort();
  }

  private <Q extends Message, R extends Message> void bind(
      String name, Q form, Consumer<GrpcServerRequest<Q, R>> call) {
    ServiceMethod<Q, R> method =
        ServiceMethod.server(
            SERVICE, name, GrpcMessageEncoder.encoder(), GrpcMessageDecoder.decoder(form));
    var unused =
        grpc.callHandler(
            method,
            request -> {
              echo(request);
              call.accept(request);
            });
  }

  private static void echo(GrpcServerRequest<?, ?> request) {
    String initial = request.headers().get(ECHO);
    if (initial != null) {
      request.response().headers().set(ECHO, initial);
    }
    String trailing = request.headers().get(ECHO_TRAILING);
    if (trailing != null) {
      request.response().trailers().set(ECHO_TRAILING, trailing);
    }
  }

  private void empty(GrpcServerRequest<Empty, Empty> request) {
    request.handler(message -> request.response().end(Empty.getDefaultInstance()));
  }

  private void unary(GrpcServerRequest<SimpleRequest, SimpleResponse> request) {
    request.messageHandler(
        message -> {
          SimpleRequest asked = read(message);
          GrpcServerResponse<SimpleRequest, SimpleResponse> response = request.response();
          boolean compressed = message.encoding().equals(GZIP);
          if (asked.getExpectCompressed().getValue() && !compressed) {
            response.status(GrpcStatus.INVALID_ARGUMENT).statusMessage("not compressed").end();
          } else if (asked.getResponseStatus().getCode() != 0) {
            end(response, asked.getResponseStatus());
          } else {
            SimpleResponse answer =
                SimpleResponse.newBuilder().setPayload(payload(asked.getResponseSize())).build();
            boolean pack = asked.getResponseCompressed().getValue();
            response.encoding(pack ? GZIP : IDENTITY).end(answer);
          }
        });
  }

  private static SimpleRequest read(GrpcMessage message) {
    byte[] bytes = message.payload().getBytes();
    try (GZIPInputStream gzip =
        message.encoding().equals(GZIP)
            ? new GZIPInputStream(new ByteArrayInputStream(bytes))
            : null) {
      return SimpleRequest.parseFrom(gzip == null ? bytes : gzip.readAllBytes());
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalArgumentException(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void input(
      GrpcServerRequest<StreamingInputCallRequest, StreamingInputCallResponse> request) {
    AtomicInteger sum = new AtomicInteger();
    request.handler(message -> sum.addAndGet(message.getPayload().getBody().size()));
    request.endHandler(
        end ->
            request
                .response()
                .end(
                    StreamingInputCallResponse.newBuilder()
                        .setAggregatedPayloadSize(sum.get())
                        .build()));
  }

  /** Answers each message by as many as it asks for, and ends when the client has. */
  private void output(
      GrpcServerRequest<StreamingOutputCallRequest, StreamingOutputCallResponse> request) {
    Future<?>[] last = {Future.succeededFuture()};
    boolean[] ended = {false};
    request.handler(
        message -> {
          if (message.getResponseStatus().getCode() != 0) {
            ended[0] = true;
            end(request.response(), message.getResponseStatus());
          }
          for (ResponseParameters each : message.getResponseParametersList()) {
            last[0] = last[0].compose(sent -> send(request.response(), each));
          }
        });
    request.endHandler(
        end -> {
          if (!ended[0]) {
            last[0].onSuccess(sent -> request.response().end());
          }
        });
  }

  private Future<?> send(
      GrpcServerResponse<StreamingOutputCallRequest, StreamingOutputCallResponse> response,
      ResponseParameters asked) {
    StreamingOutputCallResponse answer =
        StreamingOutputCallResponse.newBuilder().setPayload(payload(asked.getSize())).build();
    long millis = asked.getIntervalUs() / 1000;
    Future<?> waited = millis == 0 ? Future.succeededFuture() : vertx.timer(millis);
    return waited.compose(time -> response.write(answer));
  }

  private static void end(GrpcServerResponse<?, ?> response, EchoStatus status) {
    response.status(GrpcStatus.valueOf(status.getCode())).statusMessage(status.getMessage()).end();
  }

  private static Payload payload(int size) {
    return Payload.newBuilder().setBody(ByteString.copyFrom(new byte[size])).build();
  }

  @Override
  public void close() throws Exception {
    Fixture.await(vertx.close());
  }
}
