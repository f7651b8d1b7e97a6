package dev.graft.text.token;

import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * What a SentencePiece model says, read from its protocol buffer: pieces and scores (field 1), how
 * it was trained (field 2) and how texts are normalised (field 3).
 */
final class SentencePieceModel {

  static final int UNIGRAM = 1;
  static final int PAIRS = 2;
  private static final int KIND_UNKNOWN = 2;
  private static final int KIND_CONTROL = 3;

  /**
   * One piece.
   *
   * @param text blanks are U+2581
   * @param kind number in the published format
   */
  record Piece(String text, float score, int kind) {

    boolean isUnknown() {
      return kind == KIND_UNKNOWN;
    }

    boolean isControl() {
      return kind == KIND_CONTROL;
    }
  }

  private final List<Piece> pieces = new ArrayList<>();
  private int type = UNIGRAM;
  private boolean byteFallback;
  private boolean prefix = true;
  private boolean squeezes = true;
  private boolean composes;
  private byte[] characters = new byte[0];

  private SentencePieceModel() {}

  /** The pieces in the order of their ids. */
  List<Piece> pieces() {
    return pieces;
  }

  /** Kind of the model, {@link #UNIGRAM}, {@link #PAIRS} or another number. */
  int type() {
    return type;
  }

  /** Whether what has no piece is spelled in bytes. */
  boolean byteFallback() {
    return byteFallback;
  }

  /** Whether a blank is put in front of texts. */
  boolean prefix() {
    return prefix;
  }

  /** Whether blanks at the ends and repeated ones are dropped. */
  boolean squeezes() {
    return squeezes;
  }

  /** Whether characters are composed. */
  boolean composes() {
    return composes;
  }

  /** Table of replaced characters; empty: there is none. */
  byte[] characters() {
    return characters;
  }

  /**
   * Reads a model.
   *
   * @throws IOException if it is no such model
   */
  static SentencePieceModel read(byte[] content) throws IOException {
    SentencePieceModel model = new SentencePieceModel();
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
