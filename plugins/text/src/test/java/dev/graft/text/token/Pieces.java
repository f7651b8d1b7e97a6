package dev.graft.text.token;

import com.fasterxml.jackson.databind.JsonNode;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.StreamSupport;

/** The texts of tokens against those of a reference, and against where they stand. */
final class Pieces {

  private Pieces() {}

  /**
   * True if pieces are those that the reference names, and each that is a part of the text as it
   * stands is the part that its offsets say.
   */
  static boolean agree(Tokens tokens, JsonNode reference) {
    List<String> inside = new ArrayList<>();
    for (int i = 0; i < tokens.size(); i++) {
      if (tokens.begins()[i] >= 0) {
        inside.add(tokens.texts().get(i));
      }
    }
    JsonNode named = reference.path(reference.has("tokens") ? "tokens" : "pieces");
    List<String> expected =
        StreamSupport.stream(named.spliterator(), false).map(JsonNode::asText).toList();
    // Without named pieces they are those of bytes, which are letters only where they are ASCII.
    return (named.isMissingNode() || expected.equals(inside))
        && placed(tokens, reference.get("text").asText(), named.isMissingNode() ? 127 : 0x10FFFF);
  }

  private static boolean placed(Tokens tokens, String text, int largest) {
    int[] points = text.codePoints().toArray();
    // What was composed on the way stands where its first character stood.
    boolean composed = Normalizer.isNormalized(text, Normalizer.Form.NFC);
    int last = 0;
    for (int i = 0; i < tokens.size(); i++) {
      int begin = tokens.begins()[i];
      int end = tokens.ends()[i];
      if (begin < 0) {
        continue;
      }
      if (begin < last || end < begin || end > points.length) {
        return false;
      }
      last = begin;
      String piece = tokens.texts().get(i).replaceFirst("^##|^[\u2581\u0120]", "");
      String part = new String(points, begin, end - begin);
      boolean letters =
          piece.codePoints().allMatch(c -> c <= largest && Character.isLetterOrDigit(c));
      if (composed && letters && !plain(part).contains(plain(piece))) {
        return false;
      }
    }
    return true;
  }

  private static String plain(String text) {
    return Normalizer.normalize(text, Normalizer.Form.NFKD)
        .replaceAll("[\\p{Mn}\\p{C}]", "")
        .toLowerCase(Locale.ROOT);
  }
}
