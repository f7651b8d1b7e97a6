package dev.graft.weights;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.tensor.HostTensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BaseFolderTest {

  @TempDir private Path temp;

  @BeforeEach
  void weightsAndConfig() throws IOException {
    Weights.of(Map.of("a", HostTensor.scalar(1f))).save(temp.resolve("model.safetensors"));
    write("config.json", "{\"model_type\":\"resnet\",\"depth\":20}");
  }

  @Test
  void aBareFolder() throws IOException {
    BaseFolder base = BaseFolder.open(temp, ReadOptions.defaults());
    assertEquals(Map.of("model_type", "resnet", "depth", 20), base.config());
    assertTrue(base.weights().has("a"));
    assertEquals(
        new WeightCard(temp.getFileName().toString(), "", "", List.of(), Map.of()), base.card());
  }

  @Test
  void aFolderWithEverything() throws IOException {
    write("config.json", "{\"num_labels\":2,\"labels_file\":\"labels.txt\"}");
    write("labels.txt", "a cat\na dog\n");
    write("preprocessor_config.json", "{\"size\":{\"height\":224},\"channel_order\":\"RGB\"}");
    write("README.md", "# A model\nSource: a university.\nLicence: Apache-2.0 (LICENSE.txt).\n");
    WeightCard card = BaseFolder.open(temp, ReadOptions.defaults()).card();
    assertEquals("Apache-2.0 (LICENSE.txt).", card.licence());
    assertEquals("a university.", card.source());
    assertEquals(List.of("a cat", "a dog"), card.labels());
    assertEquals("RGB", card.preprocessing().get("channel_order"));
  }

  @Test
  void theFrontMatterOfAModelCard() throws IOException {
    write("README.md", "---\nlicense: mit\ntags:\n- vision\n---\n# A model\n");
    assertEquals("mit", BaseFolder.open(temp, ReadOptions.defaults()).card().licence());
  }

  @Test
  void theLicenceFileWhereTheReadmeSaysNothing() throws IOException {
    write("LICENSE.txt", "\n\n   MIT License\n\nCopyright");
    assertEquals("MIT License", BaseFolder.open(temp, ReadOptions.defaults()).card().licence());
  }

  @Test
  void labelsById() throws IOException {
    write("config.json", "{\"id2label\":{\"1\":\"b\",\"0\":\"a\",\"2\":\"c\"}}");
    assertEquals(List.of("a", "b", "c"), labels());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"id2label\":{\"0\":\"a\",\"2\":\"c\"}}",
        "{\"id2label\":{\"x\":\"a\"}}",
        "{\"num_labels\":3,\"labels\":[\"a\",\"b\"]}",
        "{\"labels_file\":\"../labels.txt\"}",
        "{\"labels_file\":\"/etc/passwd\"}",
        "{\"labels_file\":\"none.txt\"}",
        "{\"labels_file\":\".\"}",
        "[1]"
      })
  void aConfigurationThatDoesNotAddUp(String config) throws IOException {
    write("config.json", config);
    IOException e = assertThrows(IOException.class, this::labels);
    assertTrue(e.getMessage().contains("config.json"), e.getMessage());
  }

  @Test
  void noConfiguration() throws IOException {
    Files.delete(temp.resolve("config.json"));
    NoSuchFileException e = assertThrows(NoSuchFileException.class, this::labels);
    assertTrue(e.getMessage().contains("a base model is a folder with config.json"));
  }

  private List<String> labels() throws IOException {
    return BaseFolder.open(temp, ReadOptions.defaults()).card().labels();
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(temp.resolve(name), text);
  }
}
