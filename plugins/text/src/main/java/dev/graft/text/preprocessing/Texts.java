package dev.graft.text.preprocessing;

import dev.graft.data.Example;
import dev.graft.tensor.HostTensor;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * Raw examples: a text in the value {@code text}, for a pair a second one in {@code pair}, and what
 * is to be made of it in {@code target}, as UTF-8 bytes.
 */
public final class Texts {

  static final String TEXT = "text";
  static final String PAIR = "pair";
  static final String TARGET = "target";
  private static final String MASKED = "masked";
  private static final String ANSWERS = "answers";

  private static final Pattern WHITE = Pattern.compile("\\s+");
  private static final Pattern WORD = Pattern.compile("\\S+");

  private Texts() {}

  /** An example of one text or two. */
  public static Example example(String id, String text, Optional<String> pair) {
    Map<String, HostTensor> values = new LinkedHashMap<>();
    values.put(TEXT, bytes(text));
    pair.ifPresent(second -> values.put(PAIR, bytes(second)));
    return new Example(id, values);
  }

  /** The same example with the text that is to be made of its own. */
  public static Example withTarget(Example example, String target) {
    return example.with(TARGET, bytes(target));
  }

  /** The same example, some of whose words are to be hidden. */
  public static Example withMask(Example example) {
    return example.with(MASKED, HostTensor.of(new byte[] {1}, 1));
  }

  /** The same example, of which some parts alone are learned: begin, end, …, in code points. */
  public static Example withAnswers(Example example, long[] answers) {
    return example.with(ANSWERS, HostTensor.of(answers, answers.length));
  }

  /** The parts that are learned, if not all is: begin, end, …, in code points. */
  public static Optional<long[]> answers(Example example) {
    return Optional.ofNullable(example.values().get(ANSWERS)).map(HostTensor::toLongs);
  }

  /** True if some of its words are to be hidden. */
  static boolean isMasked(Example example) {
    return example.values().containsKey(MASKED);
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

  /** The text that is to be made of it, if that is known. */
  public static Optional<String> target(Example example) {
    return Optional.ofNullable(example.values().get(TARGET)).map(Texts::string);
  }

  /** The words of a text: what stands between white space, in order. */
  public static List<String> words(String text) {
    return WHITE.splitAsStream(text).filter(word -> !word.isEmpty()).toList();
  }

  /** Where each word of a text begins and ends, counted in code points: begin, end, begin, …. */
  static int[] spans(String text) {
    IntStream.Builder spans = IntStream.builder();
    Matcher words = WORD.matcher(text);
    int at = 0;
    int counted = 0;
    while (words.find()) {
      int begin = counted + text.codePointCount(at, words.start());
      int end = begin + text.codePointCount(words.start(), words.end());
      spans.add(begin).add(end);
      at = words.end();
      counted = end;
    }
    return spans.build().toArray();
  }

  /** A text without the words from one to another, which is kept itself. */
  static String without(String text, int from, int to) {
    int[] spans = spans(text);
    int begin = text.offsetByCodePoints(0, spans[2 * from]);
    int end = text.offsetByCodePoints(0, spans[2 * to - 1]);
    return text.substring(0, begin) + text.substring(end).stripLeading();
  }

  private static String string(HostTensor bytes) {
    return StandardCharsets.UTF_8.decode(bytes.data()).toString();
  }
}
