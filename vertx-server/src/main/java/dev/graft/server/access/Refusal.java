package dev.graft.server.access;

import com.google.errorprone.annotations.FormatMethod;
import io.vertx.grpc.common.GrpcStatus;

/** A request that is not answered as asked; the message is for the client and holds no secrets. */
public final class Refusal extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final GrpcStatus status;

  private Refusal(GrpcStatus status, String message) {
    super(message);
    this.status = status;
  }

  /** The request is not as it must be. */
  @FormatMethod
  public static Refusal invalid(String message, Object... values) {
    return new Refusal(GrpcStatus.INVALID_ARGUMENT, message.formatted(values));
  }

  /** There is nothing of that name. */
  @FormatMethod
  public static Refusal notFound(String message, Object... values) {
    return new Refusal(GrpcStatus.NOT_FOUND, message.formatted(values));
  }

  /** Not now, perhaps later. */
  @FormatMethod
  public static Refusal unavailable(String message, Object... values) {
    return new Refusal(GrpcStatus.UNAVAILABLE, message.formatted(values));
  }

  /** There is too much to do already. */
  public static Refusal overloaded(String message) {
    return new Refusal(GrpcStatus.RESOURCE_EXHAUSTED, message);
  }

  /** There would be no answer in time. */
  public static Refusal late(String message) {
    return new Refusal(GrpcStatus.DEADLINE_EXCEEDED, message);
  }

  /** Nobody waits for the answer any more. */
  public static Refusal cancelled() {
    return new Refusal(GrpcStatus.CANCELLED, "the request was cancelled");
  }

  /** It has more bytes than are read. */
  public static Refusal tooLarge(int most) {
    return new Refusal(
        GrpcStatus.OUT_OF_RANGE, "the request is too large; at most %d bytes".formatted(most));
  }

  /** Nobody knows who asks. */
  public static Refusal unauthenticated(String message) {
    return new Refusal(GrpcStatus.UNAUTHENTICATED, message);
  }

  /** Who asks may not. */
  @FormatMethod
  public static Refusal forbidden(String message, Object... values) {
    return new Refusal(GrpcStatus.PERMISSION_DENIED, message.formatted(values));
  }

  /** What is asked for does not fit what is there: a job that has not ended, a lost race. */
  @FormatMethod
  public static Refusal precondition(String message, Object... values) {
    return new Refusal(GrpcStatus.FAILED_PRECONDITION, message.formatted(values));
  }

  /** A call of the protocol that is not there. */
  public static Refusal unimplemented(String message) {
    return new Refusal(GrpcStatus.UNIMPLEMENTED, message);
  }

  /** What happened inside stays in the log, under a number that the client is told. */
  public static Refusal internal(String correlation) {
    return new Refusal(
        GrpcStatus.INTERNAL, "the server failed; its log says more under " + correlation);
  }

  /** The status as gRPC has it. */
  public GrpcStatus status() {
    return status;
  }

  /** The status as HTTP has it. */
  public int httpStatus() {
    return switch (status) {
      case INVALID_ARGUMENT -> 400;
      case UNAUTHENTICATED -> 401;
      case PERMISSION_DENIED -> 403;
      case NOT_FOUND -> 404;
      case CANCELLED -> 408;
      case FAILED_PRECONDITION -> 409;
      case OUT_OF_RANGE -> 413;
      case RESOURCE_EXHAUSTED -> 429;
      case UNIMPLEMENTED -> 501;
      case UNAVAILABLE -> 503;
      case DEADLINE_EXCEEDED -> 504;
      default -> 500;
    };
  }
}
