package dev.graft.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.type.TypeReference;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {

  record Point(int x, List<String> names) {}

  @TempDir private Path temp;

  @Test
  void anObjectKeepsItsOrder() throws IOException {
    Map<String, Object> object = Json.readObject(file("{\"b\": [1, 2.5, null], \"a\": true}"));
    assertEquals(List.of("b", "a"), List.copyOf(object.keySet()));
    assertEquals(true, object.get("a"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "[]",
        "1",
        "{\"a\":1,\"a\":2}",
        "{}{}",
        "{\"a\":1",
        "{a:1}",
        "{'a':1}"
      })
  void whatIsNotOneObjectIsRefusedByFile(String text) throws IOException {
    Path file = file(text);
    IOException e = assertThrows(IOException.class, () -> Json.readObject(file));
    assertTrue(e.getMessage().contains(file.toString()), e.getMessage());
  }

  @Test
  void deepNestingIsRefused() throws IOException {
    Path file = file("{\"a\":" + "[".repeat(100) + "]".repeat(100) + "}");
    assertThrows(IOException.class, () -> Json.readObject(file));
  }

  @Test
  void anUnknownKeyOfARecordIsRefused() throws IOException {
    Point point = Json.read(file("{\"x\":1,\"names\":[\"p\"]}"), new TypeReference<>() {});
    assertEquals(new Point(1, List.of("p")), point);
    Path unknown = file("{\"x\":1,\"y\":2,\"names\":[]}");
    TypeReference<Point> type = new TypeReference<>() {};
    assertThrows(IOException.class, () -> Json.read(unknown, type));
  }

  @Test
  void whatIsWrittenIsReadBack() throws IOException {
    Map<String, Object> value = new LinkedHashMap<>();
    value.put("z", 1);
    value.put("a", List.of("ü", 0.1));
    byte[] json = Json.write(value);
    assertEquals('\n', json[json.length - 1]);
    assertEquals(value, Json.readObject(file(new String(json, StandardCharsets.UTF_8))));
    assertEquals(
        "{\"z\":1,\"a\":[\"ü\",0.1]}",
        new String(Json.writeCompact(value), StandardCharsets.UTF_8));
  }

  private Path file(String text) throws IOException {
    return Files.writeString(temp.resolve("f.json"), text);
  }
}
