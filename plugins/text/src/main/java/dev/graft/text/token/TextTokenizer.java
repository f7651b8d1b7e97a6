package dev.graft.text.token;

import ai.djl.huggingface.tokenizers.jni.CharSpan;
import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;

/**
 * A tokenizer after a {@code tokenizer.json}. Safe for any number of threads. It owns some
 * megabytes of native memory until it is closed; whoever encodes afterwards is told so.
 */
public final class TextTokenizer implements AutoCloseable {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final TokenizersLibrary library;
  private final long handle;
  private final Map<String, Long> special;
  private final long vocabulary;
  private final int maxLength;

  /** Encoding holds it for reading, closing for writing. */
  private final ReadWriteLock inUse = new ReentrantReadWriteLock();

  private boolean closed;

  private TextTokenizer(long handle, Map<String, Long> special, long vocabulary, int maxLength) {
    this.library = NativeTokenizers.get();
    this.handle = handle;
    this.special = special;
    this.vocabulary = vocabulary;
    this.maxLength = maxLength;
  }

  /**
   * A tokenizer.
   *
   * @param json content of a {@code tokenizer.json}; its own truncation and padding do not count
   * @param maxLength tokens beyond which texts are truncated, special ones included; the longer
   *     text of a pair first, of equal ones the second
   * @throws IllegalArgumentException if it is no proper tokenizer
   */
  public static TextTokenizer of(String json, int maxLength) {
    JsonNode root = parse(json);
    Map<String, Long> special = new LinkedHashMap<>();
    long largest = 0;
    for (JsonNode token : root.path("added_tokens")) {
      special.put(token.path("content").asText(), token.path("id").asLong());
      largest = Math.max(largest, token.path("id").asLong());
    }
    for (JsonNode id : root.path("model").path("vocab")) {
      largest = Math.max(largest, id.isNumber() ? id.asLong() : 0);
    }
    largest = Math.max(largest, root.path("model").path("vocab").size() - 1);
    TokenizersLibrary library = NativeTokenizers.get();
    try {
      long handle = library.createTokenizerFromString(json);
      library.disablePadding(handle);
      library.disableTruncation(handle);
      return new TextTokenizer(handle, Map.copyOf(special), largest + 1, maxLength);
    } catch (RuntimeException e) {
      throw new IllegalArgumentException("no proper tokenizer: " + e.getMessage(), e);
    }
  }

  private static JsonNode parse(String json) {
    try {
      JsonNode root = JSON.readTree(json);
      if (!root.path("model").isObject()) {
        throw new IllegalArgumentException("a tokenizer.json has an object 'model', this has none");
      }
      return root;
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("no proper JSON: " + e.getOriginalMessage(), e);
    }
  }

  /** Number of ids, from 0 on. */
  public long vocabularySize() {
    return vocabulary;
  }

  /** The id of a special token by its text, if there is one. */
  public OptionalLong special(String token) {
    Long id = special.get(token);
    return id == null ? OptionalLong.empty() : OptionalLong.of(id);
  }

  /** The tokens of a text or a pair, with special ones around them. */
  public Tokens encode(String text, Optional<String> pair) {
    return encode(text, pair, /* withSpecial= */ true);
  }

  /** The tokens of a text or a pair, with or without special ones around them. */
  public Tokens encode(String text, Optional<String> pair, boolean withSpecial) {
    return whole(text, pair, withSpecial).shortened(maxLength);
  }

  /**
   * The tokens of a pair, with special ones around them; where they are too many, in parts that
   * hold all of the first text and overlapping pieces of the second. If the first text leaves no
   * room for that, one part, truncated.
   */
  public List<Tokens> encodeInParts(String text, String pair) {
    Whole whole = whole(text, Optional.of(pair), /* withSpecial= */ true);
    List<int[]> parts = Truncation.parts(whole.around, whole.ofFirst, maxLength);
    return parts.isEmpty()
        ? List.of(whole.shortened(maxLength))
        : parts.stream().map(whole.tokens::kept).toList();
  }

  /**
   * Texts of any length. What they consist of is known where they are too long.
   *
   * @param around 1 where a token stands around the texts
   * @param ofFirst number of tokens of the first text
   */
  private record Whole(Tokens tokens, long[] around, int ofFirst) {

    Tokens shortened(int most) {
      return tokens.size() <= most ? tokens : tokens.kept(Truncation.kept(around, ofFirst, most));
    }
  }

  private Whole whole(String text, Optional<String> pair, boolean withSpecial) {
    String first = proper(text);
    return whileOpen(
        () -> {
          long encoding =
              pair.isPresent()
                  ? library.encodeDual(handle, first, proper(pair.get()), withSpecial)
                  : library.encode(handle, first, withSpecial);
          try {
            Tokens tokens = tokens(encoding);
            if (tokens.size() <= maxLength) {
              return new Whole(tokens, new long[tokens.size()], tokens.size());
            }
            int ofFirst = pair.isPresent() ? count(first) : tokens.size();
            return new Whole(tokens, library.getSpecialTokenMask(encoding), ofFirst);
          } finally {
            library.deleteEncoding(encoding);
          }
        });
  }

  private Tokens tokens(long encoding) {
    CharSpan[] spans = library.getTokenCharSpans(encoding);
    return new Tokens(
        library.getTokenIds(encoding),
        library.getTypeIds(encoding),
        Arrays.stream(library.getSequenceIds(encoding)).mapToInt(side -> (int) side).toArray(),
        Arrays.stream(library.getWordIds(encoding)).mapToInt(word -> (int) word).toArray(),
        Arrays.stream(spans).mapToInt(span -> span == null ? -1 : span.getStart()).toArray(),
        Arrays.stream(spans).mapToInt(span -> span == null ? -1 : span.getEnd()).toArray(),
        List.of(library.getTokens(encoding)));
  }

  /** Number of tokens of a text alone. */
  private int count(String text) {
    long encoding = library.encode(handle, text, /* addSpecialTokens= */ false);
    try {
      return library.getTokenIds(encoding).length;
    } finally {
      library.deleteEncoding(encoding);
    }
  }

  private <T> T whileOpen(Supplier<T> work) {
    inUse.readLock().lock();
    try {
      if (closed) {
        throw new IllegalStateException(
            "the tokenizer is closed; keep what it belongs to open while it is in use");
      }
      return work.get();
    } finally {
      inUse.readLock().unlock();
    }
  }

  /** Half of a surrogate pair is no character and has no UTF-8 form. */
  private static String proper(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        return new String(
            text.getBytes(java.nio.charset.StandardCharsets.UTF_8),
            java.nio.charset.StandardCharsets.UTF_8);
      }
    }
    return text;
  }

  /** The text of some tokens. */
  public String decode(long[] ids, boolean skipSpecial) {
    return whileOpen(() -> library.decode(handle, ids, skipSpecial));
  }

  @Override
  public void close() {
    inUse.writeLock().lock();
    try {
      if (!closed) {
        closed = true;
        library.deleteTokenizer(handle);
      }
    } finally {
      inUse.writeLock().unlock();
    }
  }
}
