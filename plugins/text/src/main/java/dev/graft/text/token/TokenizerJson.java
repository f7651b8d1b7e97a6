package dev.graft.text.token;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Writes the form of a {@code tokenizer.json} for vocabularies that were published without one. */
final class TokenizerJson {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final ObjectNode root = JSON.createObjectNode();
  private final Set<String> added = new HashSet<>();

  TokenizerJson() {
    root.put("version", "1.0");
    root.putNull("truncation");
    root.putNull("padding");
    root.putArray("added_tokens");
    for (String part : List.of("normalizer", "pre_tokenizer", "post_processor", "decoder")) {
      root.putNull(part);
    }
  }

  static ObjectNode object() {
    return JSON.createObjectNode();
  }

  static ArrayNode array() {
    return JSON.createArrayNode();
  }

  /** An object with a type. */
  static ObjectNode typed(String type) {
    return object().put("type", type);
  }

  /**
   * A step that replaces all matches.
   *
   * @param kind of the pattern, {@code String} or {@code Regex}
   */
  static ObjectNode replacement(String kind, String pattern, String by) {
    ObjectNode step = typed("Replace").put("content", by);
    step.putObject("pattern").put(kind, pattern);
    return step;
  }

  /** Adds a token that is never split, once. */
  void special(String content, long id) {
    added(content, id, /* takesBlanks= */ false);
  }

  /** Adds the token that hides a word; blanks in front of it belong to it. */
  void mask(String content, long id) {
    added(content, id, /* takesBlanks= */ true);
  }

  private void added(String content, long id, boolean takesBlanks) {
    if (!added.add(content)) {
      return;
    }
    ((ArrayNode) root.get("added_tokens"))
        .addObject()
        .put("id", id)
        .put("content", content)
        .put("single_word", false)
        .put("lstrip", takesBlanks)
        .put("rstrip", false)
        .put("normalized", false)
        .put("special", true);
  }

  /** Sets one of the parts. */
  @CanIgnoreReturnValue
  TokenizerJson part(String name, ObjectNode value) {
    root.set(name, value);
    return this;
  }

  /**
   * Puts special tokens around texts.
   *
   * @param single names in order; {@code A} is the text
   * @param pair the same for two texts, {@code A} and {@code B}; a name may end in {@code :1} for
   *     the second segment
   * @param ids of the special tokens
   */
  @CanIgnoreReturnValue
  TokenizerJson template(List<String> single, List<String> pair, Map<String, Long> ids) {
    ObjectNode processor = typed("TemplateProcessing");
    processor.set("single", pieces(single));
    processor.set("pair", pieces(pair));
    ObjectNode tokens = processor.putObject("special_tokens");
    ids.forEach(
        (name, id) -> {
          ObjectNode token = tokens.putObject(name).put("id", name);
          token.putArray("ids").add(id);
          token.putArray("tokens").add(name);
        });
    return part("post_processor", processor);
  }

  private static ArrayNode pieces(List<String> names) {
    ArrayNode pieces = array();
    for (String name : names) {
      boolean second = name.endsWith(":1");
      String id = second ? name.substring(0, name.length() - 2) : name;
      String kind = id.equals("A") || id.equals("B") ? "Sequence" : "SpecialToken";
      pieces.addObject().putObject(kind).put("id", id).put("type_id", second ? 1 : 0);
    }
    return pieces;
  }

  String write() {
    return root.toString();
  }
}
