package dev.graft.server;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import dev.graft.server.access.Refusal;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.grpc.common.GrpcMessage;
import io.vertx.grpc.common.GrpcStatus;
import io.vertx.grpc.server.GrpcServerRequest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Set;
import java.util.function.Function;
import java.util.zip.GZIPInputStream;

/**
 * Reads the messages of calls. Vert.x bounds what comes over the wire and inflates it without a
 * bound, so that some kilobytes could become all memory; here the bound is on both.
 */
final class GrpcMessages {

  private static final String IDENTITY = "identity";
  private static final String GZIP = "gzip";

  private final int most;
  private final HeldBytes held;

  /**
   * Messages up to a size.
   *
   * @param most bytes, inflated
   * @param held those of all messages that are not answered yet
   */
  GrpcMessages(int most, HeldBytes held) {
    this.most = most;
    this.held = held;
  }

  /**
   * True if no more than what comes over the wire is read of a call, or its service reads by this
   * class; otherwise the call is refused here, because Vert.x would inflate it.
   *
   * @param ours full names of the calls that are read by this class
   */
  static boolean isBounded(HttpServerRequest request, Set<String> ours) {
    String encoding = request.getHeader("grpc-encoding");
    String path = request.path();
    if (encoding == null
        || encoding.equals(IDENTITY)
        || (path != null && !path.isEmpty() && ours.contains(path.substring(1)))) {
      return true;
    }
    request.response().putHeader("grpc-accept-encoding", IDENTITY);
    GuardedCall.refuse(
        request, GrpcStatus.UNIMPLEMENTED, "this service reads no compressed messages");
    return false;
  }

  /**
   * Answers the one message of a call. Fails with a {@link Refusal} if there is none, or several,
   * and as {@link #answer} does.
   */
  <Q extends Message, R> Future<R> only(
      GrpcServerRequest<Q, ?> request, Q form, Function<Q, Future<R>> call) {
    Promise<GrpcMessage> only = Promise.promise();
    GrpcMessage[] first = {null};
    request.messageHandler(
        message -> {
          if (first[0] != null) {
            only.tryFail(Refusal.invalid("the call takes one message"));
          }
          first[0] = message;
        });
    request.endHandler(end -> only.tryComplete(first[0]));
    return only.future().compose(message -> answer(message, form, call));
  }

  /**
   * Answers a message, whose bytes are held until then.
   *
   * @throws Refusal if it is none of its form, too large, or too large beside others
   */
  <Q extends Message, R> Future<R> answer(
      GrpcMessage message, Q form, Function<Q, Future<R>> call) {
    if (message == null) {
      throw Refusal.invalid("the call has no message");
    }
    byte[] plain = plain(message);
    return held.during(plain.length, () -> call.apply(read(plain, form)));
  }

  private static <Q extends Message> Q read(byte[] plain, Q form) {
    try {
      @SuppressWarnings("unchecked")
      Q read = (Q) form.getParserForType().parseFrom(CodedInputStream.newInstance(plain));
      return read;
    } catch (InvalidProtocolBufferException e) {
      throw Refusal.invalid("the message is no %s", form.getDescriptorForType().getName());
    }
  }

  private byte[] plain(GrpcMessage message) {
    byte[] bytes = message.payload().getBytes();
    if (IDENTITY.equals(message.encoding())) {
      return bytes;
    }
    if (!GZIP.equals(message.encoding())) {
      throw Refusal.unimplemented("messages are compressed with gzip or not at all");
    }
    try (GZIPInputStream gzip = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
      byte[] plain = gzip.readNBytes(most);
      if (gzip.read() >= 0) {
        throw Refusal.tooLarge(most);
      }
      return plain;
    } catch (IOException e) {
      throw Refusal.invalid("the message is not compressed as it says");
    }
  }
}
