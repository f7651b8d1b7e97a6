package dev.graft.text.preprocessing;

import dev.graft.data.Example;
import dev.graft.tensor.HostTensor;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Raw examples: a text in the value {@code text} and, for a pair, a second one in {@code pair}, as
 * UTF-8 bytes.
 */
public final class Texts {

  static final String TEXT = "text";
  static final String PAIR = "pair";

  private Texts() {}

  /** An example of one text or two. */
  public static Example example(String id, String text, Optional<String> pair) {
    Map<String, HostTensor> values = new LinkedHashMap<>();
    values.put(TEXT, bytes(text));
    pair.ifPresent(second -> values.put(PAIR, bytes(second)));
    return new Example(id, values);
  }

  private static HostTensor bytes(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return HostTensor.of(bytes, bytes.length);
  }

  /** The text of an example. */
  public static String text(Example example) {
    return string(example.get(TEXT));
  }

  /** Its second text, if it has one. */
  public static Optional<String> pair(Example example) {
    return Optional.ofNullable(example.values().get(PAIR)).map(Texts::string);
  }

  private static String string(HostTensor bytes) {
    return StandardCharsets.UTF_8.decode(bytes.data()).toString();
  }
}
