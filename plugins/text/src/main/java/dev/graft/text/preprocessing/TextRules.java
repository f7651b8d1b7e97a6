package dev.graft.text.preprocessing;

import dev.graft.text.token.TextTokenizer;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a preprocessing of texts knows beside its tokenizer.
 *
 * @param maxLength most tokens of a text, special ones included; 2 or more
 * @param pad id that fills up shorter texts
 * @param unknown id of an unknown or masked token; negative where there is none
 * @param segments number of segments that the network tells apart; ids of them are below
 * @param ends ids that end what the network writes, as far as its folder names any
 */
record TextRules(int maxLength, long pad, long unknown, long segments, Set<Long> ends) {

  /** Of a text and a second one: what holds where a folder says nothing. */
  private static final long USUAL_SEGMENTS = 2;

  /** Where neither a network nor its tokenizer says how long a text may be. */
  private static final int USUAL_LENGTH = 512;

  /** Networks whose positions count from behind the padding id. */
  private static final List<String> COUNTED =
      List.of("roberta", "xlm-roberta", "camembert", "mpnet");

  TextRules {
    if (maxLength < 2) {
      throw new IllegalArgumentException(
          "texts of at most %d tokens; max_length must be 2 or more".formatted(maxLength));
    }
    ends = Set.copyOf(ends);
  }

  /**
   * What a folder says, or a bundle.
   *
   * @param config content of the configurations and the settings, joined
   */
  static TextRules of(Map<String, Object> config, OptionalLong maxLength, TextTokenizer tokenizer) {
    long segments = number(config, "type_vocab_size").orElse(USUAL_SEGMENTS);
    return new TextRules(
        (int) maxLength.orElseGet(() -> length(config)),
        number(config, "pad_token_id")
            .orElseGet(() -> special(tokenizer, 0, "[PAD]", "<pad>", "<|endoftext|>")),
        number(config, "unk_token_id")
            .orElseGet(() -> special(tokenizer, -1, "[MASK]", "<mask>", "[UNK]", "<unk>")),
        segments < 1 ? USUAL_SEGMENTS : segments,
        ends(config.get("eos_token_id")));
  }

  /** Everything that {@link #of} reads back; what is usual is left out. */
  Map<String, Object> settings() {
    Map<String, Object> settings = new TreeMap<>();
    settings.put("max_length", maxLength);
    settings.put("pad_token_id", Math.toIntExact(pad));
    settings.put("unk_token_id", Math.toIntExact(unknown));
    if (segments != USUAL_SEGMENTS) {
      settings.put("type_vocab_size", Math.toIntExact(segments));
    }
    if (!ends.isEmpty()) {
      settings.put(
          "eos_token_id", new TreeSet<>(ends).stream().map(id -> Math.toIntExact(id)).toList());
    }
    return settings;
  }

  /** A number that a configuration holds, if it is there and of a sensible size. */
  static OptionalLong number(Map<String, Object> config, String key) {
    Object value = config.get(key);
    if (value instanceof String text && text.matches("[0-9]{1,9}")) {
      return OptionalLong.of(Long.parseLong(text));
    }
    return value instanceof Number number && number.doubleValue() < Integer.MAX_VALUE
        ? OptionalLong.of(number.longValue())
        : OptionalLong.empty();
  }

  /** The positions that a network has, unless its tokenizer says less. */
  private static long length(Map<String, Object> config) {
    long positions = Integer.MAX_VALUE;
    for (String key : List.of("max_position_embeddings", "n_positions", "max_seq_len")) {
      positions = Math.min(positions, number(config, key).orElse(Integer.MAX_VALUE));
    }
    long given = number(config, "model_max_length").orElse(Integer.MAX_VALUE);
    if (positions == Integer.MAX_VALUE) {
      return given == Integer.MAX_VALUE ? USUAL_LENGTH : given;
    }
    boolean counted = COUNTED.contains(String.valueOf(config.get("model_type")));
    long usable = counted ? positions - 1 - number(config, "pad_token_id").orElse(1) : positions;
    return Math.min(usable, given);
  }

  private static long special(TextTokenizer tokenizer, long otherwise, String... names) {
    for (String name : names) {
      OptionalLong id = tokenizer.special(name);
      if (id.isPresent()) {
        return id.getAsLong();
      }
    }
    return otherwise;
  }

  private static Set<Long> ends(Object value) {
    Set<Long> ends = new TreeSet<>();
    for (Object each :
        value instanceof List<?> several ? several : List.of(value == null ? "" : value)) {
      if (each instanceof Number id && id.longValue() >= 0 && id.longValue() < Integer.MAX_VALUE) {
        ends.add(id.longValue());
      }
    }
    return ends;
  }
}
