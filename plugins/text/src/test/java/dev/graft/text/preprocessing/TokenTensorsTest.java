package dev.graft.text.preprocessing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.data.Example;
import dev.graft.data.Preprocessing;
import dev.graft.data.SideFiles;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.NamedTensors;
import dev.graft.tensor.Scope;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TokenTensorsTest {

  private static Example example(Map<String, HostTensor> row) {
    return TokenTensors.example("x", row, new TextRules(4, 0, -1, 2, Set.of()), 10);
  }

  private static HostTensor values(long... values) {
    return HostTensor.of(values, values.length);
  }

  private static void refused(String says, Map<String, HostTensor> row) {
    String message = assertThrows(IllegalArgumentException.class, () -> example(row)).getMessage();
    assertTrue(message.contains(says), message);
  }

  @Test
  void idsAreKeptAndTheRestIsFilledIn() {
    Example given = example(Map.of("input_ids", values(9, 0, 3)));
    assertTrue(TokenTensors.areIn(given));
    assertArrayEquals(new long[] {9, 0, 3}, given.get("input_ids").toLongs());
    assertArrayEquals(new long[] {1, 1, 1}, given.get("attention_mask").toLongs());
    assertArrayEquals(new long[] {0, 0, 0}, given.get("token_type_ids").toLongs());
    Example padded = example(Map.of("input_ids", values(9, 0), "attention_mask", values(1, 0)));
    assertArrayEquals(new long[] {1, 0}, padded.get("attention_mask").toLongs());
  }

  @Test
  void idsGiveTheInputsThatTheirTextGives() throws IOException {
    SideFiles files =
        name ->
            name.equals("vocab.txt")
                ? Optional.of("[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\ngood\nfilm".getBytes(UTF_8))
                : Optional.empty();
    try (Scope scope = Scope.open();
        Preprocessing small = new TextModality().preprocessing(Map.of("max_length", 8), files)) {
      Example ids = small.ofTensors("ids", Map.of("input_ids", values(2, 5, 6, 3)));
      var transform = small.evalTransform();
      NamedTensors given = small.collate(List.of(transform.apply(ids)));
      Example text = Texts.example("text", "good film", Optional.empty());
      NamedTensors expected = small.collate(List.of(transform.apply(text)));
      for (String name : List.of("input_ids", "attention_mask", "token_type_ids")) {
        assertArrayEquals(expected.get(name).toLongs(), given.get(name).toLongs(), name);
      }
    }
  }

  @Test
  void whatTheNetworkCannotReadIsRefused() {
    refused("5 tokens; the model reads up to 4", Map.of("input_ids", values(1, 2, 3, 4, 5)));
    refused("from 0 to 9", Map.of("input_ids", values(10)));
    refused("from 0 to 9", Map.of("input_ids", values(-1)));
    refused("from 0 to 1", Map.of("input_ids", values(1), "attention_mask", values(2)));
    refused("has 2 elements", Map.of("input_ids", values(1), "token_type_ids", values(0, 1)));
  }
}
