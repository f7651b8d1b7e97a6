package dev.graft.tabular;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.data.CorruptExampleException;
import dev.graft.data.Example;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TableModalityTest {

  private final TableModality modality = new TableModality();

  private Example decode(String content) throws CorruptExampleException {
    return modality.decode("request", content.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void readsAJsonObject() throws CorruptExampleException {
    Example row = decode(" {\"age\": 63, \"sex\": \"f\", \"ca\": null, \"fbs\": true}");
    assertEquals(63, row.get("age").get(0));
    assertEquals("f", Cells.text(row.get("sex")));
    assertEquals("true", Cells.text(row.get("fbs")));
    assertTrue(Cells.isMissing(row.get("ca")));
  }

  @Test
  void readsACsvRowUnderItsHeader() throws CorruptExampleException {
    Example row = decode("age;sex;ca\n63;f;?\n");
    assertEquals("63", Cells.text(row.get("age")));
    assertEquals("f", Cells.text(row.get("sex")));
    assertTrue(Cells.isMissing(row.get("ca")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "   ",
        "{",
        "{\"a\": [1]}",
        "{\"a\": {\"b\": 1}}",
        "{\"a\": 1e999}",
        "{\"a\": NaN}",
        "{\"a\": 1, \"a\": 2}",
        "{\"a\": 1} {\"a\": 2}",
        "a,b\n",
        "a,b\n1\n",
        "a,b\n1,2\n3,4\n",
        "a,a\n1,2\n",
        "a,\"b\n1,2\n"
      })
  void refusesWhatIsNoRow(String content) {
    String message =
        assertThrows(CorruptExampleException.class, () -> decode(content)).getMessage();
    assertTrue(message.contains("'request'"), message);
  }

  @Test
  void refusesWhatIsNoUtf8() {
    for (String content : List.of("{\"a\": \"\u00e9\"}", "a,b\n\u00e9,1\n")) {
      byte[] latin = content.getBytes(StandardCharsets.ISO_8859_1);
      assertThrows(CorruptExampleException.class, () -> modality.decode("request", latin));
    }
  }

  @Test
  void randomBytesAreReadOrRefusedByName() {
    Random random = new Random(7);
    String alphabet = "{}[]\",:;|\n\r\t 0123456789.eE+-naNtrufls\\x\u00e9";
    for (int i = 0; i < 20_000; i++) {
      StringBuilder content = new StringBuilder(random.nextInt(4) == 0 ? "{\"a\":" : "a,b\n1");
      int length = random.nextInt(20);
      for (int k = 0; k < length; k++) {
        content.append(alphabet.charAt(random.nextInt(alphabet.length())));
      }
      try {
        assertFalse(decode(content.toString()).id().isEmpty());
      } catch (CorruptExampleException expected) {
        assertTrue(expected.getMessage().contains("'request'"), content::toString);
      }
    }
  }

  @Test
  void htmlIsEscaped() throws CorruptExampleException {
    String html = modality.html(decode("{\"a<b\": \"<script>\", \"c\": null}")).orElseThrow();
    assertEquals(
        "<table class=\"row\"><tr><th>a&lt;b</th><td>&lt;script&gt;</td></tr>"
            + "<tr><th>c</th><td></td></tr></table>",
        html);
  }
}
