package dev.graft.text.token;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Bytes of small SentencePiece models of kind unigram. */
final class PieceModel {

  private static final List<String> UNKNOWN = List.of("<unk>", "[UNK]");
  private static final List<String> CONTROL =
      List.of("<s>", "</s>", "<pad>", "[CLS]", "[SEP]", "[MASK]");

  private PieceModel() {}

  /** A model with pieces in the order of their ids, of which the earlier are likelier. */
  static byte[] of(String... pieces) {
    ByteArrayOutputStream model = new ByteArrayOutputStream();
    for (int i = 0; i < pieces.length; i++) {
      byte[] text = pieces[i].getBytes(StandardCharsets.UTF_8);
      int kind = UNKNOWN.contains(pieces[i]) ? 2 : CONTROL.contains(pieces[i]) ? 3 : 1;
      ByteBuffer piece = ByteBuffer.allocate(text.length + 9).order(ByteOrder.LITTLE_ENDIAN);
      piece.put((byte) 0x0A).put((byte) text.length).put(text);
      piece.put((byte) 0x15).putFloat(kind == 1 ? -1 - i : 0).put((byte) 0x18).put((byte) kind);
      model.write(0x0A);
      model.write(piece.capacity());
      model.writeBytes(piece.array());
    }
    return model.toByteArray();
  }
}
