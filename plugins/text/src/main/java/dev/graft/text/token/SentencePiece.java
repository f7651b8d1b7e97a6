package dev.graft.text.token;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Models of SentencePiece: a protocol buffer with pieces and scores (field 1), how it was trained
 * (field 2) and how texts are normalised (field 3).
 */
public final class SentencePiece {

  private static final int UNIGRAM = 1;
  private static final int PAIRS = 2;
  private static final int KIND_UNKNOWN = 2;
  private static final int KIND_CONTROL = 3;

  /** Below the score of any trained piece. */
  private static final float UNSEEN = -1e6f;

  private record Piece(String text, float score, int kind) {}

  private final List<Piece> pieces = new ArrayList<>();
  private int type = UNIGRAM;
  private boolean byteFallback;
  private boolean prefix = true;
  private boolean squeezes = true;
  private boolean composes;
  private byte[] characters = new byte[0];

  private SentencePiece() {}

  /**
   * The {@code tokenizer.json} of a model.
   *
   * @throws IOException if it is no such model, or of a kind other than unigram and BPE
   */
  public static String json(byte[] content) throws IOException {
    SentencePiece model = read(content);
    return switch (model.type) {
      case UNIGRAM -> model.unigram();
      case PAIRS ->
          ScoredPairs.json(
              model.pieces.stream()
                  .map(piece -> new ScoredPairs.Piece(piece.text, piece.score))
                  .toList());
      default ->
          throw new IOException(
              "a SentencePiece model of kind %d; read are unigram (1) and BPE (2)"
                  .formatted(model.type));
    };
  }

  private static SentencePiece read(byte[] content) throws IOException {
    SentencePiece model = new SentencePiece();
    try {
      model.read(ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN));
    } catch (BufferUnderflowException | IllegalArgumentException e) {
      throw new IOException("no proper SentencePiece model: it ends in the middle of a field", e);
    }
    if (model.pieces.isEmpty()) {
      throw new IOException("no proper SentencePiece model: it has no pieces");
    }
    return model;
  }

  private String unigram() {
    TokenizerJson json = new TokenizerJson();
    ObjectNode model = TokenizerJson.typed("Unigram").put("byte_fallback", byteFallback);
    ArrayNode vocabulary = model.putArray("vocab");
    Map<String, Long> special = new LinkedHashMap<>();
    for (int i = 0; i < pieces.size(); i++) {
      Piece piece = pieces.get(i);
      vocabulary.addArray().add(piece.text).add((double) piece.score);
      if (piece.kind == KIND_UNKNOWN) {
        model.put("unk_id", i);
      }
      if (piece.kind == KIND_UNKNOWN || piece.kind == KIND_CONTROL) {
        special.put(piece.text, (long) i);
      }
    }
    boolean likeBert = special.containsKey("[CLS]") && special.containsKey("[SEP]");
    if (likeBert) {
      // DeBERTa adds it behind its pieces, ALBERT has it among them.
      boolean among = pieces.stream().anyMatch(piece -> piece.text.equals("[MASK]"));
      special.computeIfAbsent("[MASK]", mask -> among ? null : (long) pieces.size());
      json.template(
          List.of("[CLS]", "A", "[SEP]"),
          List.of("[CLS]", "A", "[SEP]", "B:1", "[SEP]:1"),
          special);
    } else if (special.containsKey("</s>") && !special.containsKey("<s>")) {
      json.template(List.of("A", "</s>"), List.of("A", "</s>", "B", "</s>"), special);
    }
    special.forEach(json::special);
    return written(json, model);
  }

  /**
   * With ids of their own, as Marian has them: pieces of both languages share a vocabulary, and a
   * model has scores for those of one. What it does not know it never chooses.
   *
   * @param ids by piece, from 0 on, {@code </s>} and {@code <unk>} among them
   * @throws IOException if the model is no unigram one or the ids are not complete
   */
  static String json(byte[] content, Map<String, Integer> ids) throws IOException {
    SentencePiece read = read(content);
    if (read.type != UNIGRAM || !ids.containsKey("</s>") || !ids.containsKey("<unk>")) {
      throw new IOException(
          "a vocabulary beside source.spm has '</s>' and '<unk>', and the model is of kind"
              + " unigram (1); it is of kind %d".formatted(read.type));
    }
    Map<String, Float> scores = new HashMap<>();
    read.pieces.forEach(piece -> scores.put(piece.text, piece.score));
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
    return read.written(json, model);
  }

  private String written(TokenizerJson json, ObjectNode model) {
    ObjectNode normalizer = TokenizerJson.typed("Sequence");
    ArrayNode steps = normalizer.putArray("normalizers");
    if (characters.length > 0) {
      steps.add(
          TokenizerJson.typed("Precompiled")
              .put("precompiled_charsmap", Base64.getEncoder().encodeToString(characters)));
    }
    if (composes) {
      // The library's own table composes only what takes fewer than six bytes.
      steps.add(TokenizerJson.typed("NFC"));
    }
    if (squeezes) {
      // Only the blank itself is squeezed; other white space has pieces of its own.
      steps.add(TokenizerJson.replacement("Regex", "^ +| +$", ""));
      steps.add(TokenizerJson.replacement("Regex", " {2,}", " "));
    }
    return json.part("normalizer", normalizer)
        .part("pre_tokenizer", blanks())
        .part("decoder", blanks())
        .part("model", model)
        .write();
  }

  private ObjectNode blanks() {
    return TokenizerJson.typed("Metaspace")
        .put("replacement", "\u2581")
        .put("prepend_scheme", prefix ? "always" : "never")
        .put("split", true);
  }

  // ---- the protocol buffer ----

  private interface Field {
    void read(int number, int wire, ByteBuffer in) throws IOException;
  }

  private static void fields(ByteBuffer in, Field field) throws IOException {
    while (in.hasRemaining()) {
      long tag = varint(in);
      field.read((int) (tag >>> 3), (int) (tag & 7), in);
    }
  }

  private void read(ByteBuffer in) throws IOException {
    fields(
        in,
        (number, wire, at) -> {
          if (wire == 2 && number == 1) {
            pieces.add(piece(bytes(at)));
          } else if (wire == 2 && number == 2) {
            fields(bytes(at), this::training);
          } else if (wire == 2 && number == 3) {
            fields(bytes(at), this::normalisation);
          } else {
            skip(wire, at);
          }
        });
  }

  private static Piece piece(ByteBuffer in) throws IOException {
    String[] text = {""};
    float[] score = {0};
    int[] kind = {1};
    fields(
        in,
        (number, wire, at) -> {
          if (number == 1 && wire == 2) {
            text[0] = StandardCharsets.UTF_8.decode(bytes(at)).toString();
          } else if (number == 2 && wire == 5) {
            score[0] = at.getFloat();
          } else if (number == 3 && wire == 0) {
            kind[0] = (int) varint(at);
          } else {
            skip(wire, at);
          }
        });
    return new Piece(text[0], score[0], kind[0]);
  }

  private void training(int number, int wire, ByteBuffer in) throws IOException {
    if (number == 3 && wire == 0) {
      type = (int) varint(in);
    } else if (number == 35 && wire == 0) {
      byteFallback = varint(in) != 0;
    } else {
      skip(wire, in);
    }
  }

  private void normalisation(int number, int wire, ByteBuffer in) throws IOException {
    if (number == 1 && wire == 2) {
      composes = StandardCharsets.UTF_8.decode(bytes(in)).toString().contains("nfkc");
    } else if (number == 2 && wire == 2) {
      ByteBuffer bytes = bytes(in);
      characters = new byte[bytes.remaining()];
      bytes.get(characters);
    } else if (number == 3 && wire == 0) {
      prefix = varint(in) != 0;
    } else if (number == 4 && wire == 0) {
      squeezes = varint(in) != 0;
    } else {
      skip(wire, in);
    }
  }

  private static long varint(ByteBuffer in) {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      byte next = in.get();
      value |= (long) (next & 0x7F) << shift;
      if (next >= 0) {
        return value;
      }
    }
    throw new IllegalArgumentException("a number of more than ten bytes");
  }

  private static ByteBuffer bytes(ByteBuffer in) {
    int length = Math.toIntExact(Math.min(varint(in), Integer.MAX_VALUE));
    if (length < 0 || length > in.remaining()) {
      throw new IllegalArgumentException("a field of %d bytes".formatted(length));
    }
    ByteBuffer part = in.slice(in.position(), length).order(ByteOrder.LITTLE_ENDIAN);
    in.position(in.position() + length);
    return part;
  }

  private static void skip(int wire, ByteBuffer in) throws IOException {
    switch (wire) {
      case 0 -> {
        long unused = varint(in);
      }
      case 1 -> in.position(in.position() + 8);
      case 2 -> {
        ByteBuffer unused = bytes(in);
      }
      case 5 -> in.position(in.position() + 4);
      default -> throw new IOException("no proper SentencePiece model: wire type " + wire);
    }
  }
}
