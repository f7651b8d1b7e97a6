package dev.graft.text.token;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What stands around a text.
 *
 * @param first token in front of it
 * @param last token behind it
 */
record Around(Optional<String> first, Optional<String> last) {

  static final Around NOTHING = new Around(Optional.empty(), Optional.empty());
  static final Around BEGIN = new Around(Optional.of("<s>"), Optional.empty());

  /**
   * What a folder says.
   *
   * @param begins whether a token stands in front where nothing is said
   * @param usual the tokens that begin and end a text where none are named
   */
  static Around of(Published published, boolean begins, List<String> usual) {
    boolean first = published.flag("add_bos_token", begins);
    boolean last = published.flag("add_eos_token", false);
    return new Around(
        first ? Optional.of(published.token("bos_token", usual.get(0))) : Optional.empty(),
        last ? Optional.of(published.token("eos_token", usual.get(1))) : Optional.empty());
  }

  boolean isNothing() {
    return first.isEmpty() && last.isEmpty();
  }

  /**
   * Writes it; each text of a pair has its own, as decoders read it.
   *
   * @param ids of the vocabulary
   * @throws IOException if the vocabulary lacks one of the tokens
   */
  void write(TokenizerJson json, Map<String, ? extends Number> ids) throws IOException {
    List<String> pair = new ArrayList<>(placed("A", ""));
    pair.addAll(placed("B", ":1"));
    write(json, pair, ids);
  }

  /**
   * Writes it as RoBERTa reads it, which knows one segment: what stands behind a text stands in
   * front of the second one, too.
   *
   * @param ids of the vocabulary
   * @throws IOException if the vocabulary lacks one of the tokens
   */
  void writeJoined(TokenizerJson json, Map<String, ? extends Number> ids) throws IOException {
    List<String> pair = new ArrayList<>(placed("A", ""));
    pair.addAll(List.of(last.orElseThrow(), "B", last.orElseThrow()));
    write(json, pair, ids);
  }

  private void write(TokenizerJson json, List<String> pair, Map<String, ? extends Number> ids)
      throws IOException {
    Map<String, Long> special = new LinkedHashMap<>();
    for (Optional<String> token : List.of(first, last)) {
      if (token.isPresent() && !ids.containsKey(token.get())) {
        throw new IOException(
            "'%s' stands around texts, and the vocabulary has no such token; name one that it has as bos_token or eos_token in tokenizer_config.json"
                .formatted(token.get()));
      }
      token.ifPresent(name -> special.put(name, ids.get(name).longValue()));
    }
    special.forEach(json::special);
    json.template(placed("A", ""), pair, special);
  }

  private List<String> placed(String text, String segment) {
    List<String> names = new ArrayList<>();
    first.ifPresent(token -> names.add(token + segment));
    names.add(text + segment);
    last.ifPresent(token -> names.add(token + segment));
    return names;
  }
}
