package dev.graft.server;

import dev.graft.infer.Urgency;
import dev.graft.server.access.Refusal;
import dev.graft.server.protocol.InferParameter;
import dev.graft.server.protocol.ModelInferRequest;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/**
 * Parameters of a request for predictions: {@value #PRIORITY}, from 1, which is first, to 9, where
 * 0 is the ordinary 5; {@value #TIMEOUT}, the microseconds in which an answer is wanted, 0 for any;
 * {@value #ADAPTER}, the model that is meant where the request names its base. Others are for other
 * servers, and are not looked at.
 */
final class Parameters {

  private static final String PRIORITY = "priority";
  private static final String TIMEOUT = "timeout";
  private static final String ADAPTER = "adapter";

  /** Above it nanoseconds would overflow; it is some 290 years. */
  private static final long LONGEST = TimeUnit.NANOSECONDS.toMicros(Long.MAX_VALUE) / 2;

  private Parameters() {}

  /**
   * How soon an answer is wanted: as the call says and as the request says, whichever is sooner.
   *
   * @param deadline of the call
   */
  static Urgency urgency(ModelInferRequest request, OptionalLong deadline) {
    long priority = number(request, PRIORITY, Urgency.LEVELS);
    long micros = number(request, TIMEOUT, LONGEST);
    OptionalLong until = deadline;
    if (micros > 0) {
      long now = System.nanoTime();
      long left = TimeUnit.MICROSECONDS.toNanos(micros);
      long nanos = deadline.isPresent() ? Math.min(left, deadline.getAsLong() - now) : left;
      until = OptionalLong.of(now + nanos);
    }
    return new Urgency(priority == 0 ? Urgency.ORDINARY_LEVEL : (int) priority, until);
  }

  /** The adapter that is asked for; empty where none is. */
  static Optional<String> adapter(ModelInferRequest request) {
    InferParameter parameter = request.getParametersMap().get(ADAPTER);
    if (parameter == null) {
      return Optional.empty();
    }
    if (!parameter.hasStringParam()) {
      throw Refusal.invalid("parameter '%s' is the name of a model", ADAPTER);
    }
    return Optional.of(parameter.getStringParam());
  }

  /** One that is true or false, or the other value where it is not given. */
  static boolean flag(Map<String, InferParameter> parameters, String name, boolean other) {
    InferParameter parameter = parameters.get(name);
    if (parameter == null) {
      return other;
    }
    if (!parameter.hasBoolParam()) {
      throw Refusal.invalid("parameter '%s' is true or false", name);
    }
    return parameter.getBoolParam();
  }

  private static long number(ModelInferRequest request, String name, long most) {
    InferParameter parameter = request.getParametersMap().get(name);
    if (parameter == null) {
      return 0;
    }
    long value =
        switch (parameter.getParameterChoiceCase()) {
          case INT64_PARAM -> parameter.getInt64Param();
          case UINT64_PARAM -> parameter.getUint64Param();
          default -> -1;
        };
    if (value < 0 || value > most) {
      throw Refusal.invalid("parameter '%s' is a whole number from 0 to %d", name, most);
    }
    return value;
  }
}
