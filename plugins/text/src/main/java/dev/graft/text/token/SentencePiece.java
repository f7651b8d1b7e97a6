package dev.graft.text.token;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.graft.data.SideFiles;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Models of SentencePiece in the form of a {@code tokenizer.json}, by what their folders say. */
public final class SentencePiece {

  private static final String MODEL = "a model of SentencePiece";
  private static final String MASK = "[MASK]";

  /**
   * Kinds of tokenizers whose ids are those of their pieces; those that begin texts, and others.
   */
  private static final List<String> DECODERS = List.of("llama", "codellama", "mistral");

  private static final List<String> OTHERS = List.of("t5", "mt5", "albert", "debertav2", "");

  /** Below the score of any trained piece. */
  private static final float UNSEEN = -1e6f;

  private SentencePiece() {}

  /**
   * The {@code tokenizer.json} of a model alone, whose pieces say of which kind it is.
   *
   * @throws IOException if it is no such model, or of a kind other than unigram and BPE
   */
  public static String json(byte[] content) throws IOException {
    return json(content, Published.of(SideFiles.NONE, Map.of()));
  }

  /**
   * The {@code tokenizer.json} of a model in a folder. Its pieces have the ids of the model.
   *
   * @throws IOException if it is no such model, of a kind other than unigram and BPE, or its ids
   *     are others for this kind of tokenizer
   */
  static String json(byte[] content, Published published) throws IOException {
    boolean decodes = DECODERS.contains(published.kind());
    if (!decodes && !OTHERS.contains(published.kind())) {
      throw published.refused(MODEL, "Llama, Mistral, T5, ALBERT and DeBERTa-v2");
    }
    if (published.flag("split_by_punct", false)) {
      throw new IOException(
          "split_by_punct is true; read are tokenizers without. Convert it to tokenizer.json");
    }
    SentencePieceModel model = SentencePieceModel.read(content);
    if (model.type() == SentencePieceModel.UNIGRAM) {
      return unigram(model, published);
    }
    if (model.type() != SentencePieceModel.PAIRS) {
      throw new IOException(
          "a SentencePiece model of kind %d; read are unigram (1) and BPE (2)"
              .formatted(model.type()));
    }
    if (!decodes && !published.kind().isEmpty()) {
      throw published.refused(MODEL + " of kind BPE", "Llama and Mistral");
    }
    List<ScoredPairs.Piece> pieces =
        model.pieces().stream()
            .map(piece -> new ScoredPairs.Piece(piece.text(), piece.score()))
            .toList();
    boolean begins = pieces.stream().anyMatch(piece -> piece.text().equals("<s>"));
    return ScoredPairs.json(pieces, Around.of(published, begins, List.of("<s>", "</s>")));
  }

  private static String unigram(SentencePieceModel read, Published published) throws IOException {
    TokenizerJson json = new TokenizerJson();
    ObjectNode model = TokenizerJson.typed("Unigram").put("byte_fallback", read.byteFallback());
    ArrayNode vocabulary = model.putArray("vocab");
    Map<String, Long> special = new LinkedHashMap<>();
    List<SentencePieceModel.Piece> pieces = read.pieces();
    for (int i = 0; i < pieces.size(); i++) {
      SentencePieceModel.Piece piece = pieces.get(i);
      vocabulary.addArray().add(piece.text()).add((double) piece.score());
      if (piece.isUnknown()) {
        model.put("unk_id", i);
      }
      if (piece.isUnknown() || piece.isControl()) {
        special.put(piece.text(), (long) i);
      }
    }
    // DeBERTa adds it behind its pieces, ALBERT has it among them.
    boolean among = pieces.stream().anyMatch(piece -> piece.text().equals(MASK));
    boolean likeBert = special.containsKey("[CLS]") && special.containsKey("[SEP]");
    boolean albert =
        published.kind().isEmpty() ? likeBert && among : published.kind().equals("albert");
    if (likeBert) {
      special.computeIfAbsent(MASK, mask -> among ? null : (long) pieces.size());
      json.template(
          List.of("[CLS]", "A", "[SEP]"),
          List.of("[CLS]", "A", "[SEP]", "B:1", "[SEP]:1"),
          special);
    } else if (DECODERS.contains(published.kind())) {
      Around around = Around.of(published, /* begins= */ true, List.of("<s>", "</s>"));
      if (!around.isNothing()) {
        around.write(json, special);
      }
    } else if (special.containsKey("</s>") && !special.containsKey("<s>")) {
      json.template(List.of("A", "</s>"), List.of("A", "</s>", "B", "</s>"), special);
    }
    if (albert && special.containsKey(MASK)) {
      json.mask(MASK, special.get(MASK));
    }
    special.forEach(json::special);
    return written(read, before(published, albert), json.part("model", model));
  }

  /** What ALBERT does to a text before the model's own rules; others, if they say so. */
  private static List<ObjectNode> before(Published published, boolean albert) {
    List<ObjectNode> steps = new ArrayList<>();
    if (albert && published.flag("remove_space", true)) {
      steps.add(TokenizerJson.replacement("Regex", "\\s+", " "));
    }
    if (albert) {
      steps.add(TokenizerJson.replacement("String", "``", "\""));
      steps.add(TokenizerJson.replacement("String", "''", "\""));
    }
    if (albert && !published.flag("keep_accents", false)) {
      steps.add(TokenizerJson.typed("NFKD"));
      steps.add(TokenizerJson.typed("StripAccents"));
    }
    if (published.flag("do_lower_case", albert)) {
      steps.add(TokenizerJson.typed("Lowercase"));
    }
    return steps;
  }

  /**
   * With ids of their own, as Marian has them: pieces of both languages share a vocabulary, and a
   * model has scores for those of one. What it does not know it never chooses.
   *
   * @param ids by piece, from 0 on, {@code </s>} and {@code <unk>} among them
   * @throws IOException if the model is no unigram one or the ids are not complete
   */
  static String withIds(byte[] content, Map<String, Integer> ids) throws IOException {
    SentencePieceModel read = SentencePieceModel.read(content);
    if (read.type() != SentencePieceModel.UNIGRAM
        || !ids.containsKey("</s>")
        || !ids.containsKey("<unk>")) {
      throw new IOException(
          "a vocabulary beside source.spm has '</s>' and '<unk>', and the model is of kind"
              + " unigram (1); it is of kind %d".formatted(read.type()));
    }
    Map<String, Float> scores = new HashMap<>();
    read.pieces().forEach(piece -> scores.put(piece.text(), piece.score()));
    String[] ordered = new String[ids.size()];
    for (Map.Entry<String, Integer> entry : ids.entrySet()) {
      int id = entry.getValue();
      if (id < 0 || id >= ordered.length || ordered[id] != null) {
        throw new IOException(
            "'%s' has the id %d; the ids of %d pieces are 0 … %d, each once"
                .formatted(entry.getKey(), id, ordered.length, ordered.length - 1));
      }
      ordered[id] = entry.getKey();
    }
    TokenizerJson json = new TokenizerJson();
    ObjectNode model =
        TokenizerJson.typed("Unigram").put("unk_id", ids.get("<unk>")).put("byte_fallback", false);
    ArrayNode vocabulary = model.putArray("vocab");
    for (String piece : ordered) {
      vocabulary.addArray().add(piece).add((double) scores.getOrDefault(piece, UNSEEN));
      if (List.of("</s>", "<unk>", "<pad>").contains(piece) || piece.matches(">>.+<<")) {
        json.special(piece, ids.get(piece));
      }
    }
    Map<String, Long> end = Map.of("</s>", (long) ids.get("</s>"));
    json.template(List.of("A", "</s>"), List.of("A", "B", "</s>"), end);
    return written(read, List.of(), json.part("model", model));
  }

  /**
   * Adds what a model says of texts.
   *
   * @param before what is done to them before
   */
  static String written(SentencePieceModel read, List<ObjectNode> before, TokenizerJson json) {
    ObjectNode normalizer = TokenizerJson.typed("Sequence");
    ArrayNode steps = normalizer.putArray("normalizers");
    before.forEach(steps::add);
    if (read.characters().length > 0) {
      steps.add(
          TokenizerJson.typed("Precompiled")
              .put("precompiled_charsmap", Base64.getEncoder().encodeToString(read.characters())));
    }
    if (read.composes()) {
      // The library's own table composes only what takes fewer than six bytes.
      steps.add(TokenizerJson.typed("NFC"));
    }
    if (read.squeezes()) {
      // Only the blank itself is squeezed; other white space has pieces of its own.
      steps.add(TokenizerJson.replacement("Regex", "^ +| +$", ""));
      steps.add(TokenizerJson.replacement("Regex", " {2,}", " "));
    }
    return json.part("normalizer", normalizer)
        .part("pre_tokenizer", blanks(read))
        .part("decoder", blanks(read))
        .write();
  }

  private static ObjectNode blanks(SentencePieceModel read) {
    return TokenizerJson.typed("Metaspace")
        .put("replacement", "\u2581")
        .put("prepend_scheme", read.prefix() ? "always" : "never")
        .put("split", true);
  }
}
