package dev.graft.text.token;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * {@code sentencepiece.bpe.model} of XLM-R and CamemBERT, which were trained with fairseq: its own
 * tokens have the first ids, and the pieces of the model follow behind them. XLM-R leaves out the
 * model's first three, which are tokens of fairseq already; CamemBERT leaves out one and has the
 * others twice, of which those of the model stand around texts. The mask is last.
 */
final class FairseqPieces {

  /** What the models begin with: unknown, begin and end. */
  private static final List<String> BEGINNING = List.of("<unk>", "<s>", "</s>");

  private static final List<String> XLM_R = List.of("<s>", "<pad>", "</s>", "<unk>");
  private static final List<String> CAMEMBERT =
      List.of("<s>NOTUSED", "<pad>", "</s>NOTUSED", "<unk>", "<unk>NOTUSED");

  private FairseqPieces() {}

  /**
   * The {@code tokenizer.json} of a model.
   *
   * @throws IOException if it is no unigram model that begins with {@code <unk>}, {@code <s>} and
   *     {@code </s>}, or the tokenizer is neither XLM-R's nor CamemBERT's
   */
  static String json(byte[] content, Published published) throws IOException {
    boolean camembert = published.kind().equals("camembert");
    if (!camembert && !published.kind().equals("xlmroberta")) {
      throw published.refused("sentencepiece.bpe.model", "XLM-R and CamemBERT");
    }
    SentencePieceModel read = SentencePieceModel.read(content);
    List<String> pieces = read.pieces().stream().map(SentencePieceModel.Piece::text).toList();
    List<String> beginning = pieces.subList(0, Math.min(BEGINNING.size(), pieces.size()));
    if (read.type() != SentencePieceModel.UNIGRAM || !beginning.equals(BEGINNING)) {
      throw new IOException(
          "sentencepiece.bpe.model is of kind %d and begins with %s; those of XLM-R and CamemBERT are unigram (1) and begin with %s. Convert it to tokenizer.json"
              .formatted(read.type(), beginning, BEGINNING));
    }
    TokenizerJson json = new TokenizerJson();
    ObjectNode model =
        TokenizerJson.typed("Unigram").put("unk_id", 3).put("byte_fallback", read.byteFallback());
    ArrayNode vocabulary = model.putArray("vocab");
    List<String> ordered = new ArrayList<>(camembert ? CAMEMBERT : XLM_R);
    ordered.forEach(token -> vocabulary.addArray().add(token).add(0.0));
    for (SentencePieceModel.Piece piece :
        read.pieces().subList(camembert ? 1 : BEGINNING.size(), pieces.size())) {
      vocabulary.addArray().add(piece.text()).add((double) piece.score());
      ordered.add(piece.text());
    }
    vocabulary.addArray().add("<mask>").add(0.0);
    json.mask("<mask>", ordered.size());
    Map<String, Long> special = new LinkedHashMap<>();
    for (String token : XLM_R) {
      special.put(token, (long) ordered.indexOf(token));
    }
    special.forEach(json::special);
    json.template(
        List.of("<s>", "A", "</s>"), List.of("<s>", "A", "</s>", "</s>", "B", "</s>"), special);
    return SentencePiece.written(read, List.of(), json.part("model", model));
  }
}
