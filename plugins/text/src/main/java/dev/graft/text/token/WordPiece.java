package dev.graft.text.token;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** BERT's {@code vocab.txt}: one piece a line, its number is its id. */
public final class WordPiece {

  private static final List<String> SPECIAL = List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]");

  /** What no version of Unicode has assigned; BERT's own tokenizer drops it. */
  private static final String UNASSIGNED = "[\\p{Cn}\\p{Co}]";

  private WordPiece() {}

  /**
   * The {@code tokenizer.json} of a vocabulary.
   *
   * @param vocabulary content of {@code vocab.txt}
   * @param lowerCase whether texts are put in lower case and lose their accents
   * @throws IOException if a special token is missing
   */
  public static String json(String vocabulary, boolean lowerCase) throws IOException {
    Map<String, Long> ids = new LinkedHashMap<>();
    for (String line : vocabulary.split("\n", -1)) {
      String piece = line.endsWith("\r") ? line.substring(0, line.length() - 1) : line;
      if (!piece.isEmpty() || ids.size() < vocabulary.length()) {
        ids.putIfAbsent(piece, (long) ids.size());
      }
    }
    ids.remove("");
    TokenizerJson json = new TokenizerJson();
    Map<String, Long> special = new LinkedHashMap<>();
    for (String token : SPECIAL) {
      Long id = ids.get(token);
      if (id == null) {
        throw new IOException(
            "the vocabulary has no '%s'; a vocab.txt of BERT has %s".formatted(token, SPECIAL));
      }
      special.put(token, id);
      json.special(token, id);
    }
    ObjectNode model =
        TokenizerJson.typed("WordPiece")
            .put("unk_token", "[UNK]")
            .put("continuing_subword_prefix", "##")
            .put("max_input_chars_per_word", 100);
    ObjectNode words = model.putObject("vocab");
    ids.forEach(words::put);
    ObjectNode normalizer = TokenizerJson.typed("Sequence");
    normalizer
        .putArray("normalizers")
        .add(TokenizerJson.replacement("Regex", UNASSIGNED, ""))
        .add(
            TokenizerJson.typed("BertNormalizer")
                .put("clean_text", true)
                .put("handle_chinese_chars", true)
                .put("strip_accents", lowerCase)
                .put("lowercase", lowerCase));
    return json.part("normalizer", normalizer)
        .part("pre_tokenizer", TokenizerJson.typed("BertPreTokenizer"))
        .part("decoder", TokenizerJson.typed("WordPiece").put("prefix", "##").put("cleanup", true))
        .part("model", model)
        .template(
            List.of("[CLS]", "A", "[SEP]"),
            List.of("[CLS]", "A", "[SEP]", "B:1", "[SEP]:1"),
            special)
        .write();
  }
}
