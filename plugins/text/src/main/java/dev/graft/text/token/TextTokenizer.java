package dev.graft.text.token;

import ai.djl.huggingface.tokenizers.jni.CharSpan;
import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.lang.ref.Cleaner;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A tokenizer after a {@code tokenizer.json}. Safe for any number of threads.
 *
 * <p>Its native memory, some megabytes that stay as long as a model is open, is freed when nobody
 * refers to it any more: tokenizers travel inside of values that have no end of their own.
 */
public final class TextTokenizer {

  private static final Cleaner CLEANER = Cleaner.create();
  private static final ObjectMapper JSON = new ObjectMapper();

  private final TokenizersLibrary library;
  private final long handle;
  private final Map<String, Long> special;
  private final long vocabulary;

  private TextTokenizer(
      TokenizersLibrary library, long handle, Map<String, Long> special, long vocabulary) {
    this.library = library;
    this.handle = handle;
    this.special = special;
    this.vocabulary = vocabulary;
  }

  /**
   * A tokenizer.
   *
   * @param json content of a {@code tokenizer.json}; its own truncation and padding do not count
   * @param maxLength tokens beyond which texts are truncated, special ones included; the longer
   *     text of a pair first
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
    long handle;
    try {
      handle = library.createTokenizerFromString(json);
      library.disablePadding(handle);
      library.setTruncation(handle, maxLength, "LONGEST_FIRST", 0);
    } catch (RuntimeException e) {
      throw new IllegalArgumentException("no proper tokenizer: " + e.getMessage(), e);
    }
    TextTokenizer tokenizer = new TextTokenizer(library, handle, Map.copyOf(special), largest + 1);
    CLEANER.register(tokenizer, () -> library.deleteTokenizer(handle));
    return tokenizer;
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
    String first = proper(text);
    long encoding =
        pair.isPresent()
            ? library.encodeDual(handle, first, proper(pair.get()), withSpecial)
            : library.encode(handle, first, withSpecial);
    try {
      CharSpan[] spans = library.getTokenCharSpans(encoding);
      return new Tokens(
          library.getTokenIds(encoding),
          library.getTypeIds(encoding),
          Arrays.stream(library.getWordIds(encoding)).mapToInt(word -> (int) word).toArray(),
          Arrays.stream(spans).mapToInt(span -> span == null ? -1 : span.getStart()).toArray(),
          Arrays.stream(spans).mapToInt(span -> span == null ? -1 : span.getEnd()).toArray(),
          List.of(library.getTokens(encoding)));
    } finally {
      library.deleteEncoding(encoding);
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
    return library.decode(handle, ids, skipSpecial);
  }
}
