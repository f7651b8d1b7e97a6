package dev.graft.server;

import com.google.errorprone.annotations.FormatMethod;
import io.vertx.grpc.common.GrpcStatus;

/** A request that is not answered as asked; the message is for the client and holds no secrets. */
final class Refusal extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final GrpcStatus status;

  private Refusal(GrpcStatus status, String message) {
    super(message);
    this.status = status;
  }

  @FormatMethod
  static Refusal invalid(String message, Object... values) {
    return new Refusal(GrpcStatus.INVALID_ARGUMENT, message.formatted(values));
  }

  @FormatMethod
  static Refusal notFound(String message, Object... values) {
    return new Refusal(GrpcStatus.NOT_FOUND, message.formatted(values));
  }

  @FormatMethod
  static Refusal unavailable(String message, Object... values) {
    return new Refusal(GrpcStatus.UNAVAILABLE, message.formatted(values));
  }

  static Refusal overloaded(String message) {
    return new Refusal(GrpcStatus.RESOURCE_EXHAUSTED, message);
  }

  static Refusal tooLarge(int most) {
    return new Refusal(
        GrpcStatus.OUT_OF_RANGE, "the request is too large; at most %d bytes".formatted(most));
  }

  static Refusal unauthenticated(String message) {
    return new Refusal(GrpcStatus.UNAUTHENTICATED, message);
  }

  @FormatMethod
  static Refusal forbidden(String message, Object... values) {
    return new Refusal(GrpcStatus.PERMISSION_DENIED, message.formatted(values));
  }

  /** What happened inside stays in the log, under a number that the client is told. */
  static Refusal internal(String correlation) {
    return new Refusal(
        GrpcStatus.INTERNAL, "the server failed; its log says more under " + correlation);
  }

  GrpcStatus status() {
    return status;
  }

  /** The status as HTTP has it. */
  int httpStatus() {
    return switch (status) {
      case INVALID_ARGUMENT -> 400;
      case UNAUTHENTICATED -> 401;
      case PERMISSION_DENIED -> 403;
      case NOT_FOUND -> 404;
      case OUT_OF_RANGE -> 413;
      case RESOURCE_EXHAUSTED -> 429;
      case UNAVAILABLE -> 503;
      default -> 500;
    };
  }
}
