package dev.graft.text.token;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Pieces with scores, where the adjacent pair of the highest score is joined first: SentencePiece
 * models of the kind BPE, and the form in which llama2.c keeps them.
 */
final class ScoredPairs {

  private static final String SPACE = "\u2581";

  /**
   * One piece.
   *
   * @param text blanks are U+2581
   * @param score the higher, the earlier it is joined
   */
  record Piece(String text, double score) {}

  private record Merge(String first, String second, double score, int order) {}

  private ScoredPairs() {}

  /** Of a file of llama2.c: {@code tokens} and {@code scores}. */
  static String json(JsonNode file) throws IOException {
    JsonNode tokens = file.path("tokens");
    JsonNode scores = file.path("scores");
    if (tokens.isEmpty() || tokens.size() != scores.size()) {
      throw new IOException(
          "a tokenizer has an object 'model', or as many 'tokens' as 'scores'; this has %d and %d"
              .formatted(tokens.size(), scores.size()));
    }
    List<Piece> pieces = new ArrayList<>();
    for (int i = 0; i < tokens.size(); i++) {
      String text = tokens.get(i).asText();
      boolean special = text.startsWith("\n<") && text.length() > 2;
      pieces.add(
          new Piece(special ? text.strip() : text.replace(" ", SPACE), scores.get(i).asDouble()));
    }
    boolean begins = pieces.stream().anyMatch(piece -> piece.text().equals("<s>"));
    return json(pieces, begins ? Around.BEGIN : Around.NOTHING);
  }

  /**
   * Pieces in the order of their ids: first the unknown one, then begin and end of a text.
   *
   * @throws IOException if there is no piece for what stands around texts
   */
  static String json(List<Piece> pieces, Around around) throws IOException {
    TokenizerJson json = new TokenizerJson();
    Map<String, Integer> ids = new LinkedHashMap<>();
    for (Piece piece : pieces) {
      ids.putIfAbsent(piece.text(), ids.size());
    }
    for (String token : List.of("<unk>", "<s>", "</s>")) {
      if (ids.containsKey(token)) {
        json.special(token, ids.get(token));
      }
    }
    ObjectNode model = TokenizerJson.typed("BPE").put("unk_token", "<unk>");
    model.put("fuse_unk", true).put("byte_fallback", ids.containsKey("<0x00>"));
    ObjectNode words = model.putObject("vocab");
    ids.forEach(words::put);
    ArrayNode merges = model.putArray("merges");
    for (Merge merge : merges(pieces, ids)) {
      merges.addArray().add(merge.first).add(merge.second);
    }
    ObjectNode normalizer = TokenizerJson.typed("Sequence");
    ArrayNode steps = normalizer.putArray("normalizers");
    steps.add(TokenizerJson.typed("Prepend").put("prepend", SPACE));
    steps.add(TokenizerJson.replacement("String", " ", SPACE));
    ObjectNode decoder = TokenizerJson.typed("Sequence");
    ArrayNode back = decoder.putArray("decoders");
    back.add(TokenizerJson.replacement("String", SPACE, " "));
    back.add(TokenizerJson.typed("ByteFallback"));
    back.add(TokenizerJson.typed("Fuse"));
    back.add(TokenizerJson.typed("Strip").put("content", " ").put("start", 1).put("stop", 0));
    json.part("normalizer", normalizer).part("decoder", decoder).part("model", model);
    if (!around.isNothing()) {
      around.write(json, ids);
    }
    return json.write();
  }

  /** Every way to make a piece of two others, best piece first. */
  private static List<Merge> merges(List<Piece> pieces, Map<String, Integer> ids) {
    List<Merge> merges = new ArrayList<>();
    for (Piece piece : pieces) {
      String text = piece.text();
      if (text.startsWith("<0x") || text.equals("<s>") || text.equals("</s>")) {
        continue;
      }
      for (int cut = 1; cut < text.length(); cut++) {
        String first = text.substring(0, cut);
        String second = text.substring(cut);
        if (ids.containsKey(first) && ids.containsKey(second)) {
          merges.add(new Merge(first, second, piece.score(), merges.size()));
        }
      }
    }
    merges.sort(
        Comparator.comparingDouble((Merge merge) -> -merge.score).thenComparingInt(m -> m.order));
    return merges;
  }
}
